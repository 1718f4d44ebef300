using System.Text;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class GraphProfileTests
{
    private static readonly string Events = """
        [
        {"cat":"Session","dur":900,"name":"model_loading"},
        {"cat":"Node","dur":9000,"name":"a/Conv_kernel_time","args":{"op_name":"Conv","input_type_shape":[{"float":[1,3,8,8]},{"float":[4,3,3,3]}],"output_type_shape":[{"float":[1,4,8,8]}]}},
        {"cat":"Node","dur":900,"name":"a/Relu_kernel_time","args":{"op_name":"Relu","input_type_shape":[{"float":[1,4,8,8]}],"output_type_shape":[{"float":[1,4,8,8]}]}},
        {"cat":"Session","dur":9900,"name":"model_run"},
        {"cat":"Node","dur":100,"name":"a/Conv_kernel_time","args":{"op_name":"Conv","input_type_shape":[{"float":[1,3,8,8]},{"float":[4,3,3,3]}],"output_type_shape":[{"float":[1,4,8,8]}]}},
        {"cat":"Node","dur":30,"name":"a/Relu_kernel_time","args":{"op_name":"Relu","input_type_shape":[{"float":[1,4,8,8]}],"output_type_shape":[{"float":[1,4,8,8]}]}},
        {"cat":"Session","dur":150,"name":"model_run"},
        {"cat":"Node","dur":200,"name":"a/Conv_kernel_time","args":{"op_name":"Conv","input_type_shape":[{"float":[1,3,8,8]},{"float":[4,3,3,3]}],"output_type_shape":[{"float":[1,4,8,8]}]}},
        {"cat":"Node","dur":40,"name":"a/Relu_kernel_time","args":{"op_name":"Relu","input_type_shape":[{"float":[1,4,8,8]}],"output_type_shape":[{"float":[1,4,8,8]}]}},
        {"cat":"Session","dur":250,"name":"model_run"}
        ]
        """;

    [Fact]
    public void Times_are_means_of_the_faster_half_of_the_runs_after_the_first()
    {
        var (milliseconds, nodes) = ProfileEvents.Read(Encoding.UTF8.GetBytes(Events), skip: 1);

        Assert.Equal(0.15, milliseconds, 9);
        Assert.Equal(["a/Conv", "a/Relu"], nodes.Select(n => n.Name));
        Assert.Equal((0.1, 0.03), (nodes[0].Milliseconds, nodes[1].Milliseconds));
        Assert.Equal(2.0 * 4 * 8 * 8 * 27, nodes[0].Operations);
    }

    [Fact]
    public void On_a_GPU_nodes_that_ran_on_the_CPU_are_marked()
    {
        var events = Events.Replace("\"op_name\":\"Conv\"", "\"provider\":\"CUDAExecutionProvider\",\"op_name\":\"Conv\"").Replace("\"op_name\":\"Relu\"", "\"provider\":\"CPUExecutionProvider\",\"op_name\":\"Relu\"");

        var (_, nodes) = ProfileEvents.Read(Encoding.UTF8.GetBytes(events), skip: 1, isOnGpu: true);

        Assert.Equal(["Conv", "Relu (CPU)"], nodes.Select(n => n.Kind));
    }

    // By hand: two operations for each multiply-add.
    [Theory]
    [InlineData("Conv", 2 * 16 * 20 * 20 * 72, "1,8,20,20 16,8,3,3 16", "1,16,20,20")]
    [InlineData("Conv", 2 * 8 * 20 * 20 * 9, "1,8,20,20 8,1,3,3", "1,8,20,20")]
    [InlineData("DeformConv", 2 * 4 * 5 * 5 * 36, "1,4,5,5 4,4,3,3 1,18,5,5 4 1,9,5,5", "1,4,5,5")]
    [InlineData("Gemm", 2 * 10 * 7 * 5, "10,7 5,7 5", "10,5")]
    [InlineData("Gemm", 2 * 10 * 7 * 5, "10,7 5", "10,5")] // weights packed, only the bias is told
    [InlineData("FusedMatMul", 2 * 100 * 6 * 8, "1,6,100 8,6", "1,100,8")] // transposed both
    [InlineData("MatMul", 2 * 3 * 100 * 6 * 8, "3,100,6 3,6,8", "3,100,8")]
    [InlineData("Attention", 4 * 2 * 49 * 32 * 49, "2,49,32 2,49,32 2,49,32 1,1,49,49", "2,49,32")]
    [InlineData("Attention", 4 * 2 * 3 * 49 * 32 * 49, "2,3,49,32 2,3,49,32 2,3,49,32", "2,3,49,32")]
    [InlineData("Softmax", 0, "2,3", "2,3")]
    public void Operations_are_counted_from_shapes(string kind, double expected, string inputs, string output) =>
        Assert.Equal(expected, NodeOperations.Count(kind, [.. inputs.Split(' ').Select(Shape)], [Shape(output)]), 3);

    [Fact]
    public void Kinds_and_shares_add_up()
    {
        var profile = new GraphProfile(1, 1, 1, 1, 1, 1, 10, new(4, 2), [new("a", "Gemm", 3, 6e6), new("b", "Relu", 1, 0), new("c", "Gemm", 4, 4e6)]);

        Assert.Equal([(2, new NodeTime("", "Gemm", 7, 10e6)), (1, new NodeTime("", "Relu", 1, 0))], profile.Kinds);
        Assert.Equal(["c", "a"], profile.Slowest(2).Select(n => n.Name));
        Assert.Equal((1, 0.25, 0.5), (profile.Rate, profile.ShareOfProduct, profile.ShareOfConvolution));
    }

    private static long[] Shape(string text) => [.. text.Split(',').Select(long.Parse)];
}
