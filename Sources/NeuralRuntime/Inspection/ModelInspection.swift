public import EngineSupport
public import ONNXFormat
import TensorCore

/// What a model is made of and what can be done with it, without running it.
public struct ModelInspection: Sendable {
  public struct OperatorUse: Sendable, Hashable {
    public var domain: String
    public var operation: String
    public var count: Int
    /// nil for an operator that is not supported.
    public var capabilities: OperatorCapabilities?
  }

  /// Something that can be done, or why not.
  public enum Ability: Sendable, Hashable {
    case yes
    case no(Diagnostic)

    public var isGiven: Bool { self == .yes }
  }

  /// Nodes of the graph and its sub-graphs, constants left out, by domain and name.
  public var operators: [OperatorUse] = []
  /// Elements of real constants, in sub-graphs too.
  public var parameterCount = 0
  /// Multiply-adds of matrix products and convolutions for one sample; nil where no plan can be made.
  public var multiplyAdds: Int?
  public var canRun: Ability
  /// As one network with fixed shapes: what attacks and certificates work on.
  public var canPlan: Ability
  public var canDifferentiate: Ability
  public var canBound: Ability

  public init(of model: ONNXModel) {
    var diagnostics = Diagnostics()
    do throws(Diagnostic) {
      _ = try ModelEvaluator(preparing: model, reportingTo: &diagnostics)
      canRun = .yes
    } catch { canRun = .no(error) }
    do throws(Diagnostic) {
      let network = try Network(planning: model, reportingTo: &diagnostics)
      canPlan = .yes
      multiplyAdds = network.multiplyAddsPerSample
      canDifferentiate =
        network.firstWithoutDerivative.map {
          .no(
            Diagnostic(
              "onnx.operator.not-differentiable", "\($0.name) has no derivative", at: $0.location))
        } ?? .yes
      canBound =
        network.firstWithoutInterval.map {
          .no(
            Diagnostic(
              "onnx.operator.not-bounded", "\($0.name) has no interval form", at: $0.location))
        } ?? .yes
    } catch {
      canPlan = .no(error)
      canDifferentiate = .no(error)
      canBound = .no(error)
    }
    let known = OperatorCapabilities.all
    var counts: [String: OperatorUse] = [:]
    for node in model.graph.allNodes where node.operation != ConstantNode.operation {
      let key = "\(node.domain):\(node.operation)"
      let capabilities = known.first {
        $0.domain == node.domain && $0.operation == node.operation
      }
      counts[
        key,
        default: OperatorUse(
          domain: node.domain, operation: node.operation, count: 0, capabilities: capabilities)
      ].count += 1
    }
    operators = counts.values.sorted { ($0.domain, $0.operation) < ($1.domain, $1.operation) }
    parameterCount = model.graph.allInitializers.reduce(0) {
      $0 + ($1.values is any RealTensor ? $1.values.count : 0)
    }
    for node in model.graph.allNodes where node.operation == ConstantNode.operation {
      for case .tensor(let tensor) in node.attributes.values where tensor.values is any RealTensor {
        parameterCount += tensor.values.count
      }
    }
  }
}
