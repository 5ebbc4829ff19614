import EngineSupport
import TensorCore

/// The activation functions of a recurrent layer, by direction, and the clip before them.
struct CellFunctions: Sendable {
  private let functions: [[RealFunction]]
  private let clip: Double?
  /// Whether they are those that ONNX gives the operator when nothing is said.
  let areStandard: Bool
  /// As the file names them, for the first direction.
  let names: [String]
  /// Whether each is an operator of its own with lines below and above it, without a clip before it.
  let haveLines: Bool

  init(_ node: OperatorNode, directions: Int) throws(Diagnostic) {
    let standard =
      switch node.operation {
      case "LSTM": ["Sigmoid", "Tanh", "Tanh"]
      case "GRU": ["Sigmoid", "Tanh"]
      default: ["Tanh"]
      }
    let names = try node.strings("activations") ?? (0..<directions).flatMap { _ in standard }
    guard names.count == standard.count * directions else {
      throw node.invalidAttribute("activations", "\(standard.count * directions) names")
    }
    var alphas = (try node.floats("activation_alpha") ?? [])[...]
    var betas = (try node.floats("activation_beta") ?? [])[...]
    var functions: [RealFunction] = []
    for name in names {
      // Only functions that take a number use up one of the list.
      func alpha(_ standard: Float) -> Double { Double(alphas.popFirst() ?? standard) }
      func beta(_ standard: Float) -> Double { Double(betas.popFirst() ?? standard) }
      guard let function = Self.function(name, alpha: alpha, beta: beta) else {
        throw node.unsupported("activation \(name)")
      }
      functions.append(function)
    }
    let own = Array(names.prefix(standard.count))
    self.names = own
    self.functions = (0..<directions).map {
      Array(functions[$0 * standard.count..<($0 + 1) * standard.count])
    }
    clip = try node.float("clip")
    areStandard =
      clip == nil
      && names.map { $0.lowercased() }
        == (0..<directions).flatMap { _ in standard }.map {
          $0.lowercased()
        }
    if let clip, !(clip > 0) { throw node.invalidAttribute("clip", "above 0") }
    haveLines =
      clip == nil && names.allSatisfy { ["Relu", "Sigmoid", "Tanh"].contains($0) }
      && names == (0..<directions).flatMap { _ in own }
  }

  private static func function(
    _ name: String, alpha: (Float) -> Double, beta: (Float) -> Double
  ) -> RealFunction? {
    switch name.lowercased() {
    case "sigmoid":
      return RealFunction(
        .rising, PortableMath.sigmoid,
        derivative: { PortableMath.sigmoid($0) * (1 - PortableMath.sigmoid($0)) })
    case "tanh":
      return RealFunction(
        .rising, PortableMath.tanh,
        derivative: { 1 - PortableMath.tanh($0) * PortableMath.tanh($0) })
    case "relu": return RealFunction(.rising, { max($0, 0) }, derivative: { $0 > 0 ? 1 : 0 })
    case "affine":
      let (a, b) = (alpha(1), beta(0))
      return RealFunction(a < 0 ? .falling : .rising, { a * $0 + b }, derivative: { _ in a })
    case "leakyrelu":
      let a = alpha(0.01)
      return RealFunction(
        a < 0 ? .unbounded : .rising, { $0 < 0 ? a * $0 : $0 }, derivative: { $0 > 0 ? 1 : a })
    case "thresholdedrelu":
      let a = alpha(1)
      return RealFunction(.steps, { $0 > a ? $0 : 0 }, derivative: { $0 > a ? 1 : 0 })
    case "scaledtanh":
      let (a, b) = (alpha(1), beta(1))
      return RealFunction(
        a * b < 0 ? .falling : .rising, { a * PortableMath.tanh(b * $0) },
        derivative: { a * b * (1 - PortableMath.tanh(b * $0) * PortableMath.tanh(b * $0)) })
    case "hardsigmoid": return .hardSigmoid(alpha(0.2), beta(0.5))
    case "elu":
      let a = alpha(1)
      return RealFunction(
        a < 0 ? .unbounded : .rising, { $0 > 0 ? $0 : a * PortableMath.expm1($0) },
        derivative: { $0 > 0 ? 1 : a * PortableMath.exp($0) })
    case "softsign":
      return RealFunction(
        .rising, { $0 / (1 + abs($0)) }, derivative: { 1 / ((1 + abs($0)) * (1 + abs($0))) })
    case "softplus":
      return RealFunction(.rising, PortableMath.softplus, derivative: PortableMath.sigmoid)
    default: return nil
    }
  }

  /// Function `index` of a direction after the clip, at x.
  func value<S: KernelScalar>(_ index: Int, _ direction: Int, _ x: S) -> S {
    S.rounding(functions[direction][index].value(clipped(x.real)))
  }

  func slope<S: KernelScalar>(_ index: Int, _ direction: Int, _ x: S) -> S {
    if let clip, abs(x.real) > clip { return 0 }
    return S.rounding(functions[direction][index].derivative(x.real))
  }

  /// Function `index` without the clip, which is for gates only.
  func plainValue<S: KernelScalar>(_ index: Int, _ direction: Int, _ x: S) -> S {
    S.rounding(functions[direction][index].value(x.real))
  }

  func plainSlope<S: KernelScalar>(_ index: Int, _ direction: Int, _ x: S) -> S {
    S.rounding(functions[direction][index].derivative(x.real))
  }

  /// The range of function `index` of a direction after the clip.
  func bounds(_ index: Int, _ direction: Int, _ x: Ranges.Range) -> Ranges.Range {
    functions[direction][index].bounds(clipped(x.low), clipped(x.high))
  }

  /// Without the clip.
  func plainBounds(_ index: Int, _ direction: Int, _ x: Ranges.Range) -> Ranges.Range {
    functions[direction][index].bounds(x.low, x.high)
  }

  private func clipped(_ x: Double) -> Double {
    clip.map { min(max(x, -$0), $0) } ?? x
  }
}
