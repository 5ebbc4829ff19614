import EngineSupport
import TensorCore

/// The attacker who bends a signal as it comes: each instant is decided once, from what was measured until then,
/// and what was delivered is never changed again.
///
/// At each instant the attacker takes the last reading of every channel to hold from there on, improves a plan
/// for this and all later instants by steps along the gradient, and delivers this instant of it. The next
/// decision starts from the same plan, moved onto the readings that came. What cannot be delivered within the rules
/// is drawn back towards the measured reading. Nothing is known of the future, so an example is what somebody at
/// the sensor could have done in time; a search may find more that sees the whole recording.
public struct CausalDescent: AdversarialAttack {
  public static let name = "causal-descent"
  public static let needs = TargetAccess.gradients
  public static var norms: [PerturbationNorm] { [.linf] }
  public static var foresees: Bool { false }

  /// The time axis of a sample.
  public var axis: Int
  /// Steps at each decision; four times as many at the first.
  public var iterations: Int

  public init() { self.init(axis: 0, iterations: 4) }

  /// `axis` must not be negative, `iterations` must be positive.
  public init(axis: Int, iterations: Int = 4) {
    self.axis = axis
    self.iterations = iterations
    precondition(isUsable, "an attack needs a time axis and a step")
  }

  public var isUsable: Bool { (0..<64).contains(axis) && iterations.isCount }

  public var parameters: [AttackParameter] {
    [
      AttackParameter("time axis", String(axis)),
      AttackParameter("iterations at each instant", String(iterations)),
      AttackParameter("first decision", "\(Self.firstEffort) times as many"),
      AttackParameter("step", "a half of the budget, falling linearly to 0"),
      AttackParameter("forecast", "the last reading is held"),
    ]
  }

  public var doubled: (any AdversarialAttack)? {
    var doubled = self
    doubled.iterations *= 2
    return doubled.isUsable ? doubled : nil
  }

  private static let firstEffort = 4

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    try requireNorm(of: batch)
    guard batch.set.limits.shape.indices.contains(axis) else {
      throw Diagnostic(
        "test.attack.shape", "a sample of shape \(batch.set.limits.shape) has no axis \(axis)")
    }
    guard !batch.samples.isEmpty else { return [] }
    var signal = DeliveredSignal(batch, axis: axis)
    var isFirst = true
    for instant in 0..<signal.instants where signal.isWritable(at: instant) {
      let steps = isFirst ? Self.firstEffort * iterations : iterations
      isFirst = false
      let region = signal.region(at: instant)
      signal.bringForward(to: instant, within: region)
      try improve(&signal, steps: steps, within: region, batch, asking: &oracle)
      signal.deliver(instant, within: region)
    }
    return try findings(of: signal.delivered, batch, asking: &oracle)
  }

  /// Steps of the whole plan along the gradient; what was delivered lies in the region's bounds and stays.
  private func improve(
    _ signal: inout DeliveredSignal, steps: Int, within region: PerturbationRegion,
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws {
    let reach = batch.samples.indices.map { region.reach(of: $0) }
    let objective = try Self.objective(of: batch, from: region.originals, asking: &oracle)
    for step in 0..<steps {
      let rows = batch.samples.indices.filter { oracle.remaining(for: batch.samples[$0]) > 1 }
      guard !rows.isEmpty else { return }
      var packed = region.gather(signal.plan, rows: rows)
      region.realise(&packed, rows: rows)
      let evaluation = LossEvaluation(.crossEntropy, objective, rows: rows)
      let answer = try oracle.gradient(
        at: region.tensor(packed, rows: rows.count), samples: rows.map { batch.samples[$0] }
      ) { evaluation[$0].cotangent(of: $1) }
      var gradient = answer.gradient.elements
      for index in gradient.indices where !gradient[index].isFinite { gradient[index] = 0 }
      let share = 0.5 * (1 - Double(step) / Double(steps))
      for (place, row) in rows.enumerated() {
        region.step(
          &signal.plan, at: row * region.width, row: row, along: gradient,
          from: place * region.width, by: reach[row] * share)
        signal.restoreDelivered(row)
      }
    }
  }

  private static func objective(
    of batch: AttackBatch, from readings: [Float], asking oracle: inout TargetOracle
  ) throws -> Objective {
    var references: [Double] = []
    if batch.goal.needsReferences {
      let shape = batch.originals.shape
      references = try oracle.references(
        of: Tensor(shape: shape, elements: readings), samples: batch.samples
      ).elements.map(Double.init)
    }
    return try Objective(
      batch.goal, labels: batch.labels, outputs: oracle.classCount, references: references)
  }

  /// What was delivered, where it reaches the goal and lies in the set.
  private func findings(
    of delivered: [Float], _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    let width = batch.set.limits.count
    var findings = [AttackFinding](repeating: AttackFinding(), count: batch.samples.count)
    let rows = batch.samples.indices.filter { oracle.remaining(for: batch.samples[$0]) > 0 }
    guard !rows.isEmpty else { return findings }
    let objective = try Self.objective(of: batch, from: batch.originals.elements, asking: &oracle)
    let packed = rows.flatMap { delivered[$0 * width..<($0 + 1) * width] }
    let scores = try oracle.scores(
      of: Tensor(shape: [rows.count] + batch.set.limits.shape, elements: packed),
      samples: rows.map { batch.samples[$0] }
    ).elements
    for (place, row) in rows.enumerated() {
      let margin = objective.margin(scores, at: place, row: row)
      findings[row].bestMargin = margin
      let reading = Array(packed[place * width..<(place + 1) * width])
      let original = Array(batch.originals.elements[row * width..<(row + 1) * width])
      if margin < 0, batch.set.contains(original: original, candidate: reading) {
        findings[row].candidate = reading
      }
    }
    return findings
  }
}
