public import TensorCore

/// What flows through a model while it runs: nearly always a tensor.
public enum RuntimeValue: Sendable {
  case tensor(any AnyTensor)
  case sequence([RuntimeValue])
  /// A dictionary from integers or strings to numbers, as classifiers give their probabilities.
  case map(RuntimeMap)
  /// An optional without a value.
  case absent

  package var tensor: (any AnyTensor)? {
    if case .tensor(let tensor) = self { tensor } else { nil }
  }

  /// Four bytes of text take as much room as a number.
  private static func textLength(of tensor: any AnyTensor) -> Int {
    (tensor as? Tensor<String>)?.elements.reduce(0) { $0 + $1.utf8.count / 4 } ?? 0
  }

  /// Elements in memory.
  var elementCount: Int {
    switch self {
    case .tensor(let tensor): tensor.count + Self.textLength(of: tensor)
    case .sequence(let values): values.reduce(1) { $0 + $1.elementCount }
    case .map(let map): map.keys.count + map.values.count
    case .absent: 0
    }
  }
}

/// Keys and values side by side, in the order the operator made them.
public struct RuntimeMap: Sendable {
  /// Of the shape [n]: int64 or string.
  public let keys: any AnyTensor
  /// Of the shape [n].
  public let values: any AnyTensor

  package init(keys: any AnyTensor, values: any AnyTensor) {
    self.keys = keys
    self.values = values
  }
}
