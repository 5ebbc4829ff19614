public import EngineSupport
public import TensorCore

/// A network's own working memory, for callers that run it again and again: after it is made, running
/// allocates nothing where every operator is lowered to a kernel (`Network.isLowered`).
///
/// Results have the same bits as those of `Network`, whatever the batch and the rows of a runner.
public struct NetworkRunner<S: KernelScalar>: ~Copyable {
  private var forwards: Workspace
  private var recorder: Workspace?
  private var cotangents: [S]
  private let network: Network
  private let inputCount: Int
  private let outputCount: Int

  init(_ network: Network, rows: Int, isRecording: Bool) {
    self.network = network
    inputCount = network.input.shape.reduce(1, *)
    outputCount = network.output.shape.reduce(1, *)
    forwards = network.workspace(S.self, rows: rows, isRecording: false)
    recorder = isRecording ? network.workspace(S.self, rows: rows, isRecording: true) : nil
    cotangents = Array(repeating: 0, count: isRecording ? forwards.capacity * outputCount : 0)
  }

  /// The designated output for a batch of samples.
  ///
  /// - Parameters:
  ///   - input: The samples, one after the other; each as long as `network.input.shape` says.
  ///   - output: Overwritten; as many samples, each as long as `network.output.shape` says.
  /// Errors: `network.input.shape`.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public mutating func forward(_ input: [S], into output: inout [S]) throws(Diagnostic) {
    let count = try network.samples(in: input.count, output.count)
    unsafe input.withUnsafeBytes { source in
      unsafe output.withUnsafeMutableBytes { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        unsafe forwards.forward(count: count, from: source, into: target)
      }
    }
  }

  /// The gradient of ⟨cotangent, output⟩ with respect to the input, for a batch of samples.
  ///
  /// - Parameters:
  ///   - input: As for `forward`.
  ///   - gradient: Overwritten; as long as `input`.
  ///   - cotangent: Called for one block of samples after the other with their numbers and outputs; writes
  ///     the cotangent of each output element.
  /// Errors: `network.input.shape`, `onnx.operator.not-differentiable`.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public mutating func gradient(
    at input: [S], into gradient: inout [S],
    cotangent: (_ samples: Range<Int>, _ outputs: Span<S>, _ result: inout MutableSpan<S>) -> Void
  ) throws(Diagnostic) {
    try network.checkDifferentiable()
    let count = try network.samples(in: input.count, nil)
    guard gradient.count == input.count else { throw network.wrongCount(gradient.count) }
    if recorder == nil {
      recorder = network.workspace(S.self, rows: forwards.capacity, isRecording: true)
      cotangents = Array(repeating: 0, count: forwards.capacity * outputCount)
    }
    let stride = MemoryLayout<S>.stride
    unsafe input.withUnsafeBytes { source in
      unsafe gradient.withUnsafeMutableBytes { target in
        var row = 0
        while row < count, let source = source.baseAddress, let target = target.baseAddress {
          let rows = min(forwards.capacity, count - row)
          let place = row * inputCount * stride
          unsafe recorder?.forward(rows: rows, from: source + place)
          if let result = unsafe recorder?.output {
            let outputs = unsafe UnsafeBufferPointer(
              start: result.assumingMemoryBound(to: S.self), count: rows * outputCount)
            unsafe cotangents.withUnsafeMutableBufferPointer { buffer in
              var room = unsafe MutableSpan(
                _unsafeElements: UnsafeMutableBufferPointer(rebasing: buffer[..<outputs.count]))
              unsafe cotangent(row..<row + rows, Span(_unsafeElements: outputs), &room)
            }
          }
          unsafe cotangents.withUnsafeBytes { bytes in
            if let from = bytes.baseAddress {
              unsafe recorder?.backward(rows: rows, from: from, into: target + place)
            }
          }
          row += rows
        }
      }
    }
  }
}
