import AttackGraphs
import EngineSupport

/// Weighing the defences of a product with an answer-set solver.
extension Assessment {
  /// The plan for an attacker who stands at both fronts. `nil` where no solver was given.
  func hardeningPlan(in product: ProductGraph) throws -> HardeningPlan? {
    guard let solver = options.solver else { return nil }
    return try HardeningQuestion(
      graph: product.graph, entries: product.entries,
      goals: product.goals.map { ($0.consequence.id, $0.step) },
      costs: try product.defenseCosts(of: self.product)
    ).plan(using: solver)
  }
}
