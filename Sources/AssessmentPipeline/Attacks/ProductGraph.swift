import ArchitectureModel
public import AttackGraphs
public import EngineSupport
public import ThreatKnowledge
import ThreatLanguage

/// The attack graph of a product with where its attackers stand and what its owner fears.
public struct ProductGraph: Sendable {
  public var graph: AttackGraph
  public var bound: BoundInstance
  public var entries: [AttackGraph.StepID: Fronts]
  /// Ids of the product file's entry points, by the step they stand at.
  public var entryNames: [AttackGraph.StepID: String]
  /// In the order of the product file.
  public var goals: [Goal]

  public struct Goal: Sendable {
    public var consequence: ProductFile.Consequence
    public var step: AttackGraph.StepID
  }

  /// The step of this name, with a located error that names similar ones.
  func step(
    _ reference: ProductFile.StepReference, only kind: String? = nil,
    where isMeant: (AttackGraph.StepID) -> Bool = { _ in true }
  ) throws(Diagnostic) -> AttackGraph.StepID {
    guard let step = graph.step(named: reference.name), isMeant(step) else {
      let asset = reference.name.split(separator: ":").dropLast().joined(separator: ":")
      let near = graph.instance.assets.indices.first { graph.instance.assets[$0].name == asset }
        .map { graph.steps(of: $0).filter(isMeant).map(graph.name(of:)) }
      throw Diagnostic(
        "product.step.unknown", "\"\(reference.name)\" is no \(kind ?? "step") of the attack graph",
        at: reference.location,
        hint: near.map {
          $0.isEmpty
            ? "\"\(asset)\" has no \(kind ?? "step")" : "there are: " + $0.joined(separator: ", ")
        }
          ?? "write \"component:\(kind ?? "step")\", or \"from → to:\(kind ?? "step")\" for a connection"
      )
    }
    return step
  }

  /// What the product file says that defences cost; the others cost 1.
  public func defenseCosts(
    of product: ProductFile
  ) throws(Diagnostic) -> [AttackGraph.StepID: Int] {
    var costs: [AttackGraph.StepID: Int] = [:]
    for cost in product.defenseCosts { costs[try defense(cost.defense)] = cost.cost }
    return costs
  }

  func defense(_ reference: ProductFile.StepReference) throws(Diagnostic) -> AttackGraph.StepID {
    try step(reference, only: "defence") { graph.kind(of: $0) == .defense }
  }
}
