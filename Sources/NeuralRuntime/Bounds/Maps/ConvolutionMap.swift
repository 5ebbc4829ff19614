import CKernels
import TensorCore

/// A convolution with constant weights, packed for the kernels in `Double`.
///
/// Rows are pulled back with their channels side by side where the channels allow it: turning them costs less than
/// the columns that planes need. The bits are the same.
struct ConvolutionMap: LinearMap {
  let rows: Int
  let columns: Int
  let terms: Int
  private let shape: ConvolutionShape
  private let weights: PackedConvolution<Double>
  private let magnitudes: PackedConvolution<Double>
  private let transposed: PackedConvolution<Double>
  /// The shape for rows whose channels lie side by side; nil where they stay planes.
  private let sideBySide: ConvolutionShape?

  private static let kernels = Kernels<Double>(.fastest)
  /// Elements of scratch memory for one row.
  private static let scratchLimit = 1 << 22

  /// - Parameter input: The shape of one sample's image.
  /// nil where windows are three-dimensional or padding needs much memory.
  init?(_ operation: Convolution, input: [Int], weight: Tensor<Double>) {
    let kernels = Self.kernels
    func laid(_ order: ChannelOrder) -> ConvolutionShape? {
      ConvolutionShape(
        batch: input[0], groups: operation.groups, inputs: weight.shape[1],
        outputs: weight.shape[0] / operation.groups,
        window: operation.geometry(input, weight.shape), imageOrder: order, outputOrder: order)
    }
    guard let shape = laid(.first),
      max(kernels.scratchCount(for: shape), kernels.imageGradientScratchCount(for: shape))
        <= Self.scratchLimit
    else { return nil }
    self.shape = shape
    let turned = shape.window.kernelPlane > 1 ? laid(.last) : nil
    sideBySide = turned
    (rows, columns) = (shape.outputCount, shape.imageCount)
    terms = weight.shape.dropFirst().reduce(1, *)
    func packed(
      _ use: PackedConvolution<Double>.Use, _ shape: ConvolutionShape, _ elements: [Double]
    ) -> PackedConvolution<Double> {
      unsafe elements.withUnsafeBufferPointer {
        unsafe PackedConvolution(use, shape, weights: $0, for: kernels)
      }
    }
    weights = packed(.output, shape, weight.elements)
    magnitudes = packed(.output, shape, weight.elements.map { abs($0) })
    transposed = packed(.imageGradient, turned ?? shape, weight.elements)
  }

  func applied(to x: [Double], count: Int, isMagnitude: Bool, from start: [Double]) -> [Double] {
    var result = starts(start, count: count)
    let kernels = Self.kernels
    let scratch = AlignedScratch<Double>(count: kernels.scratchCount(for: shape))
    unsafe x.withUnsafeBufferPointer { x in
      unsafe result.withUnsafeMutableBufferPointer { result in
        for sample in 0..<count {
          unsafe kernels.convolution(
            shape, image: Self.part(x, sample, columns),
            weights: isMagnitude ? magnitudes : weights, to: Self.part(result, sample, rows),
            from: .existing, scratch: scratch.buffer)
        }
      }
    }
    return result
  }

  func pullBack(_ coefficients: [Double], count: Int, into result: inout [Double]) {
    if result.count != count * columns { result = Array(repeating: 0, count: count * columns) }
    let kernels = Self.kernels
    if let sideBySide {
      pullBack(coefficients, count: count, sideBySide, into: &result)
      return
    }
    let scratch = AlignedScratch<Double>(count: kernels.imageGradientScratchCount(for: shape))
    unsafe coefficients.withUnsafeBufferPointer { coefficients in
      unsafe result.withUnsafeMutableBufferPointer { result in
        for row in 0..<count {
          unsafe kernels.imageGradient(
            shape, cotangent: Self.part(coefficients, row, rows), weights: transposed,
            to: Self.part(result, row, columns), scratch: scratch.buffer)
        }
      }
    }
  }

  private func pullBack(
    _ coefficients: [Double], count: Int, _ shape: ConvolutionShape, into result: inout [Double]
  ) {
    let kernels = Self.kernels
    let (images, inputs, outputs) = (shape.batch, shape.inputs, shape.outputs)
    let (inputPlane, outputPlane) = (shape.window.inputPlane, shape.window.outputPlane)
    guard rows > 0, columns > 0 else { return }
    let table = KernelTable(Double.self, .fastest)
    let room = AlignedScratch<Double>(count: rows + columns)
    let scratch = AlignedScratch<Double>(count: kernels.imageGradientScratchCount(for: shape))
    unsafe coefficients.withUnsafeBufferPointer { coefficients in
      unsafe result.withUnsafeMutableBufferPointer { result in
        let turned = unsafe UnsafeMutableBufferPointer(rebasing: room.buffer[..<rows])
        let gradient = unsafe UnsafeMutableBufferPointer(rebasing: room.buffer[rows...])
        guard let cotangent = turned.baseAddress, let from = gradient.baseAddress
        else { return }
        for row in 0..<count {
          guard let source = unsafe Self.part(coefficients, row, rows).baseAddress,
            let target = unsafe Self.part(result, row, columns).baseAddress
          else { return }
          unsafe table.functions.pointee.transpose(images, outputs, outputPlane, source, cotangent)
          unsafe kernels.imageGradient(
            shape, cotangent: UnsafeBufferPointer(turned), weights: transposed, to: gradient,
            scratch: scratch.buffer)
          unsafe table.functions.pointee.transpose(images, inputPlane, inputs, from, target)
        }
      }
    }
  }

  private static func part(
    _ buffer: UnsafeBufferPointer<Double>, _ index: Int, _ width: Int
  ) -> UnsafeBufferPointer<Double> {
    unsafe UnsafeBufferPointer(rebasing: buffer[index * width..<(index + 1) * width])
  }

  private static func part(
    _ buffer: UnsafeMutableBufferPointer<Double>, _ index: Int, _ width: Int
  ) -> UnsafeMutableBufferPointer<Double> {
    unsafe UnsafeMutableBufferPointer(rebasing: buffer[index * width..<(index + 1) * width])
  }
}
