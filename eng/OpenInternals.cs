using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Writes a copy of a managed assembly in which every top-level type is public, to compile against; it is never run or shipped.</summary>
/// <remarks>Only the flags column of the TypeDef table changes (ECMA-335, partition II, sections 22 and 24), so nothing moves.</remarks>
public class OpenInternals : Task
{
    [Required] public string Assembly { get; set; }

    [Required] public string Opened { get; set; }

    private byte[] _file;

    public override bool Execute()
    {
        _file = File.ReadAllBytes(Assembly);
        OpenTypes(FindTables(FindMetadata()));
        Directory.CreateDirectory(Path.GetDirectoryName(Opened));
        File.WriteAllBytes(Opened, _file);
        return true;
    }

    private int U16(int at) => BitConverter.ToUInt16(_file, at);

    private int I32(int at) => BitConverter.ToInt32(_file, at);

    private int FindMetadata()
    {
        int coff = I32(0x3C) + 4, optional = coff + 20;
        bool is64Bit = U16(optional) == 0x20B;
        int cliHeader = optional + (is64Bit ? 112 : 96) + 14 * 8;
        int sections = optional + U16(coff + 16), sectionCount = U16(coff + 2);
        Func<int, int> toOffset = address =>
        {
            for (int s = sections; s < sections + 40 * sectionCount; s += 40)
                if (address >= I32(s + 12) && address < I32(s + 12) + I32(s + 16)) return address - I32(s + 12) + I32(s + 20);
            throw new BadImageFormatException(Assembly);
        };
        return toOffset(I32(toOffset(I32(cliHeader)) + 8));
    }

    private int FindTables(int metadata)
    {
        int at = metadata + 16 + I32(metadata + 12);
        for (int streams = U16(at + 2), stream = at + 4; streams > 0; streams--)
        {
            int end = Array.IndexOf(_file, (byte)0, stream + 8);
            if (Encoding.ASCII.GetString(_file, stream + 8, end - stream - 8) == "#~") return metadata + I32(stream);
            stream += 8 + (end - stream - 8) / 4 * 4 + 4;
        }
        throw new BadImageFormatException(Assembly);
    }

    private void OpenTypes(int tables)
    {
        const int module = 0x00, typeRef = 0x01, typeDef = 0x02, field = 0x04, method = 0x06, moduleRef = 0x1A, typeSpec = 0x1B, assemblyRef = 0x23;
        var rows = new int[64];
        int at = tables + 24;
        for (int t = 0; t < 64; t++)
            if ((BitConverter.ToInt64(_file, tables + 8) >> t & 1) != 0) { rows[t] = I32(at); at += 4; }

        int text = (_file[tables + 6] & 1) != 0 ? 4 : 2, guid = (_file[tables + 6] & 2) != 0 ? 4 : 2;
        Func<int, int[], int> index = (tagBits, targets) => Array.Exists(targets, t => rows[t] >= 1 << 16 - tagBits) ? 4 : 2;
        int moduleSize = 2 + text + 3 * guid;
        int typeRefSize = index(2, new[] { module, moduleRef, assemblyRef, typeRef }) + 2 * text;
        int typeDefSize = 4 + 2 * text + index(2, new[] { typeDef, typeRef, typeSpec }) + index(0, new[] { field }) + index(0, new[] { method });

        at += rows[module] * moduleSize + rows[typeRef] * typeRefSize;
        for (int row = 0; row < rows[typeDef]; row++, at += typeDefSize)
            if ((_file[at] & 7) == 0) _file[at] |= 1; // TypeAttributes: NotPublic to Public
    }
}
