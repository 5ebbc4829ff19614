/// How a window of up to three dimensions slides over the planes of an image: the geometry of convolution
/// and pooling. Images have a depth of 1, and one-dimensional signals are images of height 1.
public struct WindowGeometry: Hashable, Sendable {
  /// One spatial axis; sizes count elements.
  public struct Axis: Hashable, Sendable {
    public var input: Int
    public var kernel: Int
    public var stride: Int
    public var dilation: Int
    /// Zeros before the first and after the last element.
    public var padBefore: Int
    public var padAfter: Int
    public var output: Int

    public init(
      input: Int, kernel: Int, stride: Int = 1, dilation: Int = 1, padBefore: Int = 0,
      padAfter: Int = 0, output: Int
    ) {
      self.input = input
      self.kernel = kernel
      self.stride = stride
      self.dilation = dilation
      self.padBefore = padBefore
      self.padAfter = padAfter
      self.output = output
    }

    /// The input position under kernel element `tap` of window `position`; outside `0..<input` is padding.
    @inlinable
    public func source(_ position: Int, _ tap: Int) -> Int {
      position * stride - padBefore + tap * dilation
    }

    /// The kernel elements of window `position` that lie on the input.
    @inlinable
    public func tapsInside(_ position: Int) -> Range<Int> {
      let start = source(position, 0)
      let first = start >= 0 ? 0 : (dilation - 1 - start) / dilation
      let last = start >= input ? 0 : (input - 1 - start) / dilation + 1
      return min(first, kernel)..<max(min(first, kernel), min(last, kernel))
    }

    /// The windows whose kernel element `tap` lies on the input.
    @inlinable
    public func positionsInside(_ tap: Int) -> Range<Int> {
      let start = source(0, tap)
      let first = start >= 0 ? 0 : (stride - 1 - start) / stride
      let last = start >= input ? 0 : (input - 1 - start) / stride + 1
      return min(first, output)..<max(min(first, output), min(last, output))
    }
  }

  public var depth: Axis
  public var height: Axis
  public var width: Axis

  public init(
    depth: Axis = Axis(input: 1, kernel: 1, output: 1), height: Axis, width: Axis
  ) {
    self.depth = depth
    self.height = height
    self.width = width
  }

  public var inputPlane: Int { depth.input * height.input * width.input }
  public var outputPlane: Int { depth.output * height.output * width.output }
  public var kernelPlane: Int { depth.kernel * height.kernel * width.kernel }

  /// Whether the columns of an image are the image itself.
  public var isPointwise: Bool {
    kernelPlane == 1 && inputPlane == outputPlane
      && [depth, height, width].allSatisfy { $0.stride == 1 && $0.padBefore == 0 }
  }
}
