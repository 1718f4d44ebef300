using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class AtssAssignerTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 40)]
    public void Random_scenes_are_assigned_as_the_plain_algorithm_does(int seed, int boxCount)
    {
        var (anchors, levels) = Scene.Grid(200, 136, 8, 16, 32, 64, 128);
        for (var trial = 0; trial < 20; trial++)
        {
            var boxes = Scene.Boxes(new Random(seed * 1000 + trial), boxCount, 200, 136);

            var owners = Owners(anchors, levels, [boxes]);

            Assert.Equal(PlainAtss.Assign(anchors, levels, boxes), owners[0]);
            Assert.Contains(owners[0], o => o >= 0);
        }
    }

    [Fact]
    public void Each_image_is_assigned_as_if_it_were_alone()
    {
        var (anchors, levels) = Scene.Grid(160, 96, 8, 16, 32);
        Box[][] images = [Scene.Boxes(new Random(1), 5, 160, 96), [], Scene.Boxes(new Random(2), 1, 160, 96), Scene.Boxes(new Random(3), 12, 160, 96)];

        var owners = Owners(anchors, levels, images);

        for (var n = 0; n < images.Length; n++) Assert.Equal(PlainAtss.Assign(anchors, levels, images[n]), owners[n]);
    }

    [Fact]
    public void The_order_of_boxes_does_not_matter()
    {
        var (anchors, levels) = Scene.Grid(160, 96, 8, 16, 32);
        var boxes = Scene.Boxes(new Random(4), 15, 160, 96);
        var order = Enumerable.Range(0, boxes.Length).ToArray();
        new Random(5).Shuffle(order);

        var straight = Owners(anchors, levels, [boxes])[0];
        var shuffled = Owners(anchors, levels, [[.. order.Select(i => boxes[i])]])[0];

        Assert.Equal(straight, shuffled.Select(o => o < 0 ? -1 : order[o]));
    }

    [Fact]
    public void Without_boxes_every_location_is_background()
    {
        using var scope = NewDisposeScope();
        var (anchors, levels) = Scene.Grid(64, 64, 8, 16);

        var assignment = new AtssAssigner().Assign(Scene.ToTensor(anchors), levels, empty(0, 4), empty(0, dtype: ScalarType.Int64));

        Assert.Equal(0, assignment.Count);
        Assert.Equal([0L], assignment.Boxes.shape);
    }

    [Fact]
    public void One_level_of_four_anchors_can_be_followed_by_hand()
    {
        // Anchors 10 wide at x = 0, 10, 20, 30; the box covers x 9 to 21. IoU: 1/21, 10/12, 1/21, 0; mean 0.232, deviation 0.401: only the second is above.
        Box[] anchors = [new(0, 0, 10, 10), new(10, 0, 20, 10), new(20, 0, 30, 10), new(30, 0, 40, 10)];

        Assert.Equal([-1, 0, -1, -1], Owners(anchors, [4], [[new Box(9, 0, 21, 10)]])[0]);
    }

    [Fact]
    public void An_anchor_whose_centre_is_outside_its_box_is_no_positive()
    {
        // The best anchor by IoU has its centre at x = 5, the box begins there.
        Box[] anchors = [new(0, 0, 10, 10), new(100, 0, 110, 10), new(200, 0, 210, 10)];

        Assert.Equal([-1, -1, -1], Owners(anchors, [3], [[new Box(5, 0, 15, 10)]])[0]);
        Assert.Equal([0, -1, -1], Owners(anchors, [3], [[new Box(4.9f, 0, 15, 10)]])[0]);
    }

    [Fact]
    public void A_location_wanted_by_two_boxes_goes_to_the_higher_IoU()
    {
        Box[] anchors = [new(0, 0, 10, 10), new(100, 0, 110, 10), new(200, 0, 210, 10)];
        Box[] boxes = [new(0, 0, 12, 12), new(0, 0, 11, 11), new(0, 0, 13, 13)];

        Assert.Equal([1, -1, -1], Owners(anchors, [3], [boxes])[0]);
    }

    [Fact]
    public void Assigning_leaves_no_tensors_behind() => LeakAssert.NoTensorsLeftBy(() =>
    {
        var (anchors, levels) = Scene.Grid(64, 64, 8, 16);
        Owners(anchors, levels, [Scene.Boxes(new Random(1), 3, 64, 64)]);
    });

    private static int[][] Owners(Box[] anchors, int[] levels, Box[][] images)
    {
        using var scope = NewDisposeScope();
        var imageOf = images.SelectMany((boxes, n) => boxes.Select(_ => n)).ToArray();
        var firstBox = images.Select((_, n) => images.Take(n).Sum(b => b.Length)).ToArray();

        var assignment = new AtssAssigner().Assign(
            Scene.ToTensor(anchors), levels, Scene.ToTensor([.. images.SelectMany(b => b)]), Scene.Indices(imageOf));

        var owners = images.Select(_ => Enumerable.Repeat(-1, anchors.Length).ToArray()).ToArray();
        foreach (var (location, box) in assignment.Locations.data<long>().Zip(assignment.Boxes.data<long>()))
        {
            var image = (int)(location / anchors.Length);
            Assert.Equal(imageOf[box], image);
            owners[image][location % anchors.Length] = (int)box - firstBox[image];
        }
        return owners;
    }
}
