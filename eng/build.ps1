# Restore, check formatting, build, test and pack: the same steps as eng/build.sh.
# Usage: eng/build.ps1 [-Device cpu|cuda] [-Steps restore,format,build,test,pack]
param(
    [ValidateSet('cpu', 'cuda')] [string] $Device = 'cpu',
    [ValidateSet('restore', 'format', 'build', 'test', 'pack')] [string[]] $Steps = @('restore', 'format', 'build', 'test', 'pack')
)
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '..')
$flags = @('-c', 'Release', "-p:DetClipDevice=$Device")
foreach ($step in $Steps) {
    Write-Host "`n== $step"
    switch ($step) {
        'restore' { dotnet restore "-p:DetClipDevice=$Device" }
        'format' { dotnet format --verify-no-changes --no-restore }
        'build' { dotnet build @flags --no-restore }
        'test' { dotnet test @flags --no-build -m:1 }
        'pack' { dotnet pack @flags --no-build }
    }
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}
