package import EngineSupport
import TensorCore

/// BlackmanWindow, HammingWindow and HannWindow: weights that fade a signal in and out.
package struct WindowFunction: Operator {
  package static let signatures = ["BlackmanWindow", "HammingWindow", "HannWindow"].map {
    OperatorSignature(
      $0, opsets: 17...OperatorSignature.newestOpset,
      attributes: ["output_datatype", "periodic"])
  }

  private let node: OperatorNode
  private let type: ElementType
  private let isPeriodic: Bool

  package init(_ node: OperatorNode) throws(Diagnostic) {
    self.node = node
    type = try node.elementType("output_datatype") ?? .float
    isPeriodic = try node.int("periodic") ?? 1 != 0
  }

  package func evaluate(
    _ operands: [RuntimeValue?], within budget: inout EvaluationBudget
  ) throws(Diagnostic) -> [RuntimeValue] {
    let tensor = try node.tensors(operands)[0]
    guard let size = try node.integers(tensor, 0).first,
      let target = type.swiftType as? any NumericElement.Type
    else { throw node.mismatch("the size is missing, or \(type) holds no numbers") }
    let count = try budget.claim([size], for: node)
    let period = Double(max(isPeriodic ? count : count - 1, 1))
    let values = (0..<count).map { index in
      let turn = 2 * Double.pi * Double(index) / period
      switch node.operation {
      case "BlackmanWindow":
        return 0.42 - 0.5 * PortableMath.cos(turn) + 0.08 * PortableMath.cos(2 * turn)
      case "HammingWindow":
        return 25.0 / 46 - (1 - 25.0 / 46) * PortableMath.cos(turn)
      default: return 0.5 - 0.5 * PortableMath.cos(turn)
      }
    }
    return [.tensor(converted(Tensor(shape: [count], elements: values), target))]
  }

  private func converted<T: NumericElement>(_ tensor: Tensor<Double>, _: T.Type) -> any AnyTensor {
    tensor.converted(to: T.self)
  }
}
