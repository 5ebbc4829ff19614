import EngineSupport
import TensorCore

/// The attributes that convolution and pooling share, and the geometry they give on an input.
///
/// Source: ONNX operator specification, Conv, MaxPool, AveragePool (`auto_pad`, `ceil_mode`).
package struct SlidingWindow: Sendable {
  static let attributes: Set<String> = ["auto_pad", "dilations", "kernel_shape", "pads", "strides"]

  private enum Padding {
    case explicit([Int]?)
    case valid
    case same(extraAtEnd: Bool)
  }

  private let node: OperatorNode
  /// nil where the operator's weight decides.
  private let kernel: [Int]?
  private let strides: [Int]?
  private let dilations: [Int]?
  private let padding: Padding
  private let roundsUp: Bool

  init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    func positive(_ name: String, from least: Int) throws(Diagnostic) -> [Int]? {
      guard let values = try node.ints(name) else { return nil }
      guard values.allSatisfy({ $0 >= least && $0 <= NetworkLimits.elements }) else {
        throw node.invalidAttribute(name, "a list of integers from \(least)")
      }
      return values
    }
    kernel = try positive("kernel_shape", from: 1)
    strides = try positive("strides", from: 1)
    dilations = try positive("dilations", from: 1)
    let pads = try positive("pads", from: 0)
    switch try node.string("auto_pad") ?? "NOTSET" {
    case "NOTSET", "": padding = .explicit(pads)
    case "VALID": padding = .valid
    case "SAME_UPPER": padding = .same(extraAtEnd: true)
    case "SAME_LOWER": padding = .same(extraAtEnd: false)
    default:
      throw node.invalidAttribute("auto_pad", "NOTSET, VALID, SAME_UPPER or SAME_LOWER")
    }
    roundsUp = try node.flag("ceil_mode")
  }

  /// The geometry over an input `[N, C, L]`, `[N, C, H, W]` or `[N, C, D, H, W]`.
  ///
  /// - Parameter weight: The kernel's spatial shape where the operator has a weight.
  func geometry(
    input: [Int], weight: [Int]? = nil, padBelowKernel: Bool = false
  ) throws(Diagnostic) -> WindowGeometry {
    guard (3...5).contains(input.count) else {
      throw node.unsupported("needs an input of rank 3, 4 or 5, not \(input)")
    }
    let spatial = Array(input.dropFirst(2))
    guard let kernel = weight ?? self.kernel else {
      throw node.invalidAttribute("kernel_shape", "present")
    }
    if let weight, let own = self.kernel, own != weight {
      throw node.mismatch("kernel_shape \(own) is not the weight's \(weight)")
    }
    let rank = spatial.count
    guard kernel.count == rank, (strides?.count ?? rank) == rank,
      (dilations?.count ?? rank) == rank
    else { throw node.mismatch("kernel, strides and dilations need \(rank) numbers each") }
    if case .explicit(let pads?) = padding, pads.count != 2 * rank {
      throw node.mismatch("pads needs \(2 * rank) numbers")
    }
    var axes: [WindowGeometry.Axis] = []
    for index in 0..<rank {
      let axis = try axis(index, rank: rank, input: spatial[index], kernel: kernel[index])
      let span = (axis.kernel - 1) * axis.dilation + 1
      if padBelowKernel, axis.padBefore >= span || axis.padAfter >= span {
        throw node.mismatch("padding must be smaller than the kernel")
      }
      axes.append(axis)
    }
    while axes.count < 3 {
      axes.insert(WindowGeometry.Axis(input: 1, kernel: 1, output: 1), at: 0)
    }
    return WindowGeometry(depth: axes[0], height: axes[1], width: axes[2])
  }

  private func axis(
    _ index: Int, rank: Int, input: Int, kernel: Int
  ) throws(Diagnostic) -> WindowGeometry.Axis {
    let stride = strides?[index] ?? 1
    let dilation = dilations?[index] ?? 1
    let span = (kernel - 1) * dilation + 1  // at most 2⁵⁶
    var before = 0
    var after = 0
    switch padding {
    case .valid, .explicit(nil): break
    case .explicit(let pads?):
      before = pads[index]
      after = pads[index + rank]
    case .same(let extraAtEnd):
      let output = (input + stride - 1) / stride
      let total = max(0, (output - 1) * stride + span - input)
      before = extraAtEnd ? total / 2 : total - total / 2
      after = total - before
    }
    let room = input + before + after - span
    guard room >= 0 else {
      throw node.mismatch("a kernel that spans \(span) does not fit an axis of \(input)")
    }
    var output = room / stride + 1
    if roundsUp, room % stride != 0, output * stride < input + before {
      output += 1  // a last window that starts in the padding at the end is dropped
    }
    return WindowGeometry.Axis(
      input: input, kernel: kernel, stride: stride, dilation: dilation, padBefore: before,
      padAfter: after, output: output)
  }
}

extension WindowGeometry {
  /// The output's spatial shape, with as many axes as the input had.
  func outputShape(rank: Int) -> [Int] {
    Array([depth.output, height.output, width.output].suffix(rank - 2))
  }

  /// The input positions a window can see: no more than its kernel and no more than the plane.
  var reach: Int {
    [depth, height, width].reduce(1) { $0 * min($1.kernel, $1.input) }
  }
}
