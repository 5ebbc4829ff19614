import EngineSupport
import TensorCore

/// S9 and S10: models made so that the right answer is known.
extension AuditRun {
  private static let plantedShare = 0.95
  private static let drawsForPlanting = 200

  /// Plants an adversary for each probe: of random readings of the set, the one that goes farthest along a
  /// random direction of the outputs lies beyond the threshold, the others and the original before it.
  mutating func plantedAdversary() throws -> SelfCheck {
    let identifier = SelfCheck.Identifier.s9PlantedAdversary
    guard isGradientAttack else {
      return check(identifier, .notApplicable, "this attack takes no gradients")
    }
    var planted = 0
    var found = 0
    for row in probes {
      guard let model = try planting(in: row) else { continue }
      planted += 1
      var batch = campaign.batch(of: [row], within: set, stage: "audit.planted")
      batch.labels = [0]
      batch.goal = .misclassification
      if try broken(batch, by: campaign.attack, model: model)[0] { found += 1 }
    }
    guard planted > 0 else {
      return check(
        identifier, .inconclusive,
        "no adversary could be planted: the outputs do not vary in the set")
    }
    let isEnough = Double(found) >= Self.plantedShare * Double(planted)
    return check(
      identifier, isEnough ? .pass : .fail,
      "the attack finds \(found) of \(planted) planted adversaries (limit 95 %)")
  }

  private mutating func planting(in row: Int) throws -> PlantedModel? {
    var random = random("planting").stream("sample", row)
    let outputs = campaign.model.classCount
    let direction = (0..<outputs).map { _ in random.gaussian() }
    let batch = campaign.batch(of: [row], within: set, stage: "audit.planting")
    let region = PerturbationRegion(set, around: batch.originals.elements)
    let count = Self.drawsForPlanting
    var packed = region.originals
    packed.reserveCapacity((count + 1) * region.width)
    for _ in 0..<count {
      var point = region.originals
      region.randomPoint(&point, at: 0, row: 0, random: &random)
      region.realise(&point, rows: [0])
      packed += region.contains(point, at: 0, row: 0) ? point : region.originals
    }
    let scores = try campaign.model.scores(of: region.tensor(packed, rows: count + 1)).elements
    spent.forward += count + 1
    var heights = (0...count).map { place in
      (0..<outputs).reduce(0.0) { $0 + direction[$1] * Double(scores[place * outputs + $1]) }
    }
    guard heights.allSatisfy(\.isFinite) else { return nil }
    let clean = heights[0]
    heights.sort()
    let (best, second) = (heights[count], max(heights[count - 1], clean))
    let threshold = (best + second) / 2
    // The gap must survive the rounding of the outputs, or the planting proves nothing.
    guard best - second > 1e-4 * max(1, abs(best)) else { return nil }
    return PlantedModel(base: campaign.model, direction: direction, threshold: threshold)
  }

  /// Affine models whose margin is a tenth below and above what the set allows along a random direction.
  mutating func controls() throws -> SelfCheck {
    let identifier = SelfCheck.Identifier.s10Controls
    guard isGradientAttack else {
      return check(identifier, .notApplicable, "this attack does not search")
    }
    guard !probes.isEmpty else { return nothingToAttack(identifier) }
    var weak = (broken: 0, count: 0)
    var robust = (broken: 0, count: 0)
    for row in probes {
      var batch = campaign.batch(of: [row], within: set, stage: "audit.controls")
      batch.labels = [0]
      batch.goal = .misclassification
      var random = random("controls").stream("sample", row)
      guard let bounds = reachable(batch, &random) else { continue }
      let clean = bounds.weights.indices.reduce(0.0) {
        $0 + bounds.weights[$1] * Double(batch.originals.elements[$1])
      }
      func model(_ margin: Double) -> AffineModel {
        AffineModel(
          inputShape: campaign.limits.shape, weights: bounds.weights, bias: -clean - margin)
      }
      weak.count += 1
      if try broken(batch, by: campaign.attack, model: model(0.9 * bounds.reached))[0] {
        weak.broken += 1
      }
      robust.count += 1
      if try broken(batch, by: campaign.attack, model: model(1.01 * bounds.atMost))[0] {
        robust.broken += 1
      }
    }
    guard weak.count > 0 else {
      return check(identifier, .inconclusive, "no control could be made inside the set")
    }
    let isRight = weak.broken == weak.count && robust.broken == 0
    return check(
      identifier, isRight ? .pass : .fail,
      "the attack breaks \(weak.broken) of \(weak.count) models known to be weak and \(robust.broken) of "
        + "\(robust.count) known to be robust")
  }

  /// A random direction, a gain along it that a member of the set reaches, and one that none exceeds.
  private func reachable(
    _ batch: AttackBatch, _ random: inout SeededRandom
  ) -> (weights: [Double], reached: Double, atMost: Double)? {
    let region = PerturbationRegion(set, around: batch.originals.elements)
    let weights = (0..<region.width).map { _ in random.gaussian() }
    let slopes = weights.map { Float($0) }
    func gain(_ point: [Float]) -> Double {
      weights.indices.reduce(0) {
        $0 + weights[$1] * (Double(point[$1]) - Double(region.originals[$1]))
      }
    }
    var best = 0.0
    var point = region.originals
    for _ in 0..<30 {
      region.step(&point, at: 0, row: 0, along: slopes, from: 0, by: 0.3 * region.reach(of: 0))
      var reading = point
      region.realise(&reading, rows: [0])
      if region.contains(reading, at: 0, row: 0) { best = max(best, gain(reading)) }
    }
    let lengths = GradientLengths(
      slopes, from: 0, count: region.width, norm: region.norm, shares: region.set.shares)
    var corner = 0.0
    var moves: [Double] = []
    for index in 0..<region.width {
      let end = weights[index] > 0 ? region.high[index] : region.low[index]
      moves.append(weights[index] * (Double(end) - Double(region.originals[index])))
      corner += max(0, moves[index])
    }
    if region.norm == .l0 {
      corner = moves.sorted(by: >).prefix(Int(min(region.radius, 1e9))).reduce(0) {
        $0 + max(0, $1)
      }
    }
    let ball =
      region.norm == .l0 || region.norm == .linf ? .infinity : lengths.dual * region.radius
    let slack = region.norm == .linf && region.hasGrid ? 1.001 : 1.0001
    let atMost = min(corner, ball) * slack
    let floor = 1e-4 * max(1, abs(gain(region.originals.map { -$0 })))
    return best > floor ? (weights, best, atMost) : nil
  }
}
