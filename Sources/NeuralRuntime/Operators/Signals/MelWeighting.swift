package import EngineSupport
import TensorCore

/// MelWeightMatrix: the weights that gather the bins of a spectrum into bands of equal width on the mel scale.
///
/// Source: ONNX operator specification, MelWeightMatrix; mel(f) = 2595·log₁₀(1 + f/700).
package struct MelWeighting: Operator {
  package static let signatures = [
    OperatorSignature(
      "MelWeightMatrix", opsets: 17...OperatorSignature.newestOpset, operands: 5...5,
      attributes: ["output_datatype"])
  ]

  private let node: OperatorNode
  private let type: ElementType

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    type = try node.elementType("output_datatype") ?? .float
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    var numbers: [Double] = []
    for (index, tensor) in try node.tensors(operands).enumerated() {
      guard let number = try node.numbers(tensor, index).reals.first, number.isFinite else {
        throw node.mismatch("input \(index) holds no number")
      }
      numbers.append(number)
    }
    let limit = Double(NetworkLimits.elements)
    guard (1...limit).contains(numbers[0]), (1...limit).contains(numbers[1]), numbers[2] > 0,
      numbers[3] >= 0, numbers[4] > numbers[3],
      let target = type.swiftType as? any NumericElement.Type
    else { throw node.mismatch("the bands \(numbers) make no sense") }
    let (bands, size) = (Int(numbers[0]), Int(numbers[1]))
    let bins = size / 2 + 1
    try budget.claim([bins, bands], for: node)
    let low = Self.mel(numbers[3])
    let step = (Self.mel(numbers[4]) - low) / Double(bands + 2)
    let edges = (0..<bands + 2).map { index -> Int in
      let hertz = 700 * (PortableMath.pow(10, (low + Double(index) * step) / 2595) - 1)
      return Int(min(max(Double(size + 1) * hertz / numbers[2], 0), limit).rounded(.down))
    }
    var weights = [Double](repeating: 0, count: bins * bands)
    for band in 0..<bands {
      let (start, peak, end) = (edges[band], edges[band + 1], edges[band + 2])
      if peak == start, peak < bins { weights[peak * bands + band] = 1 }
      for bin in start..<max(min(peak + 1, bins), start) where peak > start {
        weights[bin * bands + band] = Double(bin - start) / Double(peak - start)
      }
      for bin in peak..<max(min(end, bins), peak) where end > peak {
        weights[bin * bands + band] = Double(end - bin) / Double(end - peak)
      }
    }
    return [.tensor(stored(Tensor(shape: [bins, bands], elements: weights), target))]
  }

  private static func mel(_ hertz: Double) -> Double {
    2595 * PortableMath.log(1 + hertz / 700) / PortableMath.log(10)
  }

  private func stored<T: NumericElement>(_ tensor: Tensor<Double>, _: T.Type) -> any AnyTensor {
    tensor.converted(to: T.self)
  }
}
