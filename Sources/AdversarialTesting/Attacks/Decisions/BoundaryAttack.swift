import EngineSupport

/// A random walk along the decision boundary: a step on the sphere about the original, then one towards it.
///
/// Both step lengths adapt to how often they reach the goal, as in the authors' code: a sphere step that
/// succeeds in more than half of the last thirty trials grows, in less than a fifth shrinks; a step towards
/// the original grows above a quarter and shrinks below a tenth.
/// Source: Brendel, Rauber, Bethge, "Decision-based adversarial attacks: reliable attacks against black-box
/// machine learning models", ICLR 2018.
public struct BoundaryAttack: AdversarialAttack {
  public static let name = "boundary"
  public static let needs = TargetAccess.decisions
  public static var norms: [PerturbationNorm] { [.l2] }
  public static var minimisesDistance: Bool { true }

  public var steps: Int

  public init() { self.init(steps: 5_000) }

  /// `steps` must be positive.
  public init(steps: Int) {
    self.steps = steps
    precondition(isUsable, "a walk needs steps")
  }

  public var isUsable: Bool {
    steps.isCount
  }

  public var parameters: [AttackParameter] {
    [
      AttackParameter("steps", String(steps)), AttackParameter("first sphere step", "0.01"),
      AttackParameter("first source step", "0.01"), AttackParameter("adaptation", "1.5"),
    ]
  }

  private struct Walker {
    var point: [Float]
    var distance: Double
    var sphere = 0.01
    var source = 0.01
    var sphereTrials: [Bool] = []
    var sourceTrials: [Bool] = []

    mutating func adapt() {
      if sphereTrials.count >= 30 {
        let rate = Double(sphereTrials.count { $0 }) / Double(sphereTrials.count)
        if rate > 0.5 { (sphere, source) = (sphere * 1.5, source * 1.5) }
        if rate < 0.2 { (sphere, source) = (sphere / 1.5, source / 1.5) }
        sphereTrials = []
      }
      if sourceTrials.count >= 30 {
        let rate = Double(sourceTrials.count { $0 }) / Double(sourceTrials.count)
        if rate > 0.25 { source *= 1.5 }
        if rate < 0.1 { source /= 1.5 }
        sourceTrials = []
      }
      sphere = min(max(sphere, 1e-9), 1)
      source = min(max(source, 1e-9), 0.9)
    }
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    try requireNorm(of: batch)
    var session = try SearchSession(batch, aim: .nearest, asking: &oracle)
    let starts = try BoundaryWalk.start(&session, asking: &oracle)
    let region = session.region
    let width = region.width
    var walkers: [Walker?] = []
    for row in 0..<session.count {
      guard let start = starts[row], session.active.contains(row) else {
        walkers.append(nil)
        continue
      }
      let point = try BoundaryWalk.bisect(
        start, row: row, tolerance: 1e-3, &session, asking: &oracle)
      walkers.append(
        Walker(point: point, distance: region.distance(point, at: 0, row: row)))
    }
    var random = (0..<session.count).map { batch.random(row: $0, restart: 1) }
    for _ in 0..<steps {
      session.retire(unaffordable: 2, asking: oracle)
      let rows = session.active.filter { walkers[$0] != nil && (walkers[$0]?.distance ?? 0) > 0 }
      if rows.isEmpty { break }
      var spheres: [Float] = []
      var proposals: [Float] = []
      for row in rows {
        guard let walker = walkers[row] else { continue }
        let (sphere, proposal) = propose(walker, row, region, &random[row])
        spheres += sphere
        proposals += proposal
      }
      let onSphere = try session.decisions(at: &spheres, rows: rows, asking: &oracle)
      for (place, row) in rows.enumerated() { walkers[row]?.sphereTrials.append(onSphere[place]) }
      let places = rows.indices.filter { onSphere[$0] && session.active.contains(rows[$0]) }
      let points = places.flatMap { Array(proposals[$0 * width..<($0 + 1) * width]) }
      if !places.isEmpty {
        var packed = points
        let nearer = places.map { rows[$0] }
        let reached = try session.decisions(at: &packed, rows: nearer, asking: &oracle)
        for (place, row) in nearer.enumerated() {
          walkers[row]?.sourceTrials.append(reached[place])
          guard reached[place] else { continue }
          let point = Array(points[place * width..<(place + 1) * width])
          let distance = region.distance(point, at: 0, row: row)
          if distance < walkers[row]?.distance ?? 0 {
            walkers[row]?.point = point
            walkers[row]?.distance = distance
          }
        }
      }
      for row in rows { walkers[row]?.adapt() }
    }
    return session.findings()
  }

  /// A random point on the sphere through the walker's, and that point drawn towards the original.
  private func propose(
    _ walker: Walker, _ row: Int, _ region: PerturbationRegion, _ random: inout SeededRandom
  ) -> (sphere: [Float], proposal: [Float]) {
    let width = region.width
    let start = row * width
    let toSource = (0..<width).map {
      (Double(region.originals[start + $0]) - Double(walker.point[$0])) / walker.distance
    }
    var side = (0..<width).map { _ in random.gaussian() }
    let along = zip(side, toSource).reduce(0) { $0 + $1.0 * $1.1 }
    for index in 0..<width { side[index] -= along * toSource[index] }
    let length = side.reduce(0) { $0 + $1 * $1 }.squareRoot() + 1e-12
    let shrink = 1 / (1 + walker.sphere * walker.sphere).squareRoot()
    var sphere = [Float](repeating: 0, count: width)
    var proposal = sphere
    let next = walker.distance * (1 - walker.source)
    for index in 0..<width {
      let direction = walker.sphere * side[index] / length - toSource[index]
      let original = Double(region.originals[start + index])
      sphere[index] = Float(original + walker.distance * shrink * direction)
      proposal[index] = Float(original + next * shrink * direction)
    }
    region.project(&sphere, at: 0, row: row, radius: .infinity)
    region.project(&proposal, at: 0, row: row, radius: .infinity)
    return (sphere, proposal)
  }
}
