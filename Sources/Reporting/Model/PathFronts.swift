import AssessmentPipeline
import AttackGraphs

/// Which front each step of a path is reached from: what flows down from the entry points it rests on.
struct PathFronts {
  /// Parallel to the path's steps; empty for defences and existence checks, which no attacker takes.
  let carried: [Fronts]

  init(of path: AttackAnalysis.Path, entryPoints: [ProductFile.EntryPoint]) {
    var carried: [Fronts] = []
    for step in path.steps {
      var fronts: Fronts = []
      if let id = step.entryPoint, let entry = entryPoints.first(where: { $0.id == id }) {
        fronts.formUnion(entry.front.fronts)
      }
      // Causes stand before effects, so what a step rests on is already there.
      for origin in step.restsOn where carried.indices.contains(origin) {
        fronts.formUnion(carried[origin])
      }
      carried.append(fronts)
    }
    self.carried = carried
  }
}

extension AssessmentResult {
  /// For each asset, the fronts from which the best paths of all findings run through it.
  var frontsOfAssets: [Int: Fronts] {
    var fronts: [Int: Fronts] = [:]
    for finding in findings {
      guard let path = finding.attack?.paths.first else { continue }
      let carried = PathFronts(of: path, entryPoints: product.entryPoints).carried
      for (step, reached) in zip(path.steps, carried) where graph.steps.indices.contains(step.id) {
        fronts[graph.steps[step.id].asset, default: []].formUnion(reached)
      }
    }
    return fronts
  }
}
