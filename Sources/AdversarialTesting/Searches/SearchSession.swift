import EngineSupport
import TensorCore

/// What every search over a batch shares: asking the oracle at readings the sensor can deliver, remembering
/// the best reading of each sample, and retiring the samples that are done or have no queries left.
///
/// Search points live in buffers that hold every row of the batch (`gathered`) or only the rows asked about
/// (`packed`); the same row may be asked about several times in one query.
struct SearchSession {
  /// What counts as the best reading of a sample.
  enum Aim {
    /// Any reading of the set; the sample retires once its margin is clearly negative.
    case anyReading
    /// The reading nearest to the original; a sample retires once it is inside a finite budget.
    case nearest
  }

  /// A sample is finished when its margin is this share of its largest output below zero: then the replay
  /// in double precision does not hang on the last bit.
  private static let confidence: Float = 1e-4

  let batch: AttackBatch
  let region: PerturbationRegion
  let objective: Objective
  let aim: Aim
  private(set) var active: [Int]
  private(set) var bestMargin: [Float]
  /// In tensor units, a count for L0; infinite where nothing was found.
  private(set) var bestDistance: [Double]
  private var best: [[Float]?]
  private var vanished: [Bool?]
  private var isDone: [Bool]
  /// The region without its ball: what a search for the nearest reading may pass through.
  private let unbounded: PerturbationRegion

  /// A residual detector that a reading must not alarm, where the attack is to stay hidden from one.
  private let detector: MeasurementModel?

  init(
    _ batch: AttackBatch, aim: Aim = .anyReading, detector: MeasurementModel? = nil,
    asking oracle: inout TargetOracle
  ) throws {
    self.batch = batch
    self.aim = aim
    self.detector = detector
    region = PerturbationRegion(batch.set, around: batch.originals.elements)
    var references: [Double] = []
    if batch.goal.needsReferences, !batch.samples.isEmpty {
      references = try oracle.references(of: batch.originals, samples: batch.samples)
        .elements.map(Double.init)
    }
    objective = try Objective(
      batch.goal, labels: batch.labels, outputs: oracle.classCount, references: references)
    let count = batch.samples.count
    active = Array(0..<count)
    bestMargin = Array(repeating: .infinity, count: count)
    bestDistance = Array(repeating: .infinity, count: count)
    best = Array(repeating: nil, count: count)
    vanished = Array(repeating: nil, count: count)
    isDone = Array(repeating: false, count: count)
    unbounded =
      aim == .nearest
      ? PerturbationRegion(try batch.set.withBudget(.infinity), around: region.originals) : region
  }

  var width: Int { region.width }
  var count: Int { batch.samples.count }

  func samples(_ rows: [Int]) -> [Int] { rows.map { batch.samples[$0] } }

  func found(_ row: Int) -> [Float]? { best[row] }

  /// Retires the samples that cannot afford `queries` more.
  mutating func retire(unaffordable queries: Int, asking oracle: TargetOracle) {
    guard oracle.queriesPerSample != nil else { return }
    active.removeAll { oracle.remaining(for: batch.samples[$0]) < queries }
  }

  mutating func retire(_ row: Int) { active.removeAll { $0 == row } }

  /// Margins of packed search points; negative where the goal is reached. Points become readings in place.
  mutating func margins(
    at packed: inout [Float], rows: [Int], asking oracle: inout TargetOracle
  ) throws -> [Float] {
    try scores(at: &packed, rows: rows, asking: &oracle).margins
  }

  /// Outputs and margins of packed search points, which become readings in place.
  mutating func scores(
    at packed: inout [Float], rows: [Int], asking oracle: inout TargetOracle
  ) throws -> (scores: Tensor<Float>, margins: [Float]) {
    region.realise(&packed, rows: rows)
    let scores = try oracle.scores(
      of: region.tensor(packed, rows: rows.count), samples: samples(rows))
    return (scores, note(scores, of: packed, rows: rows))
  }

  /// Whether packed search points reach the goal: for attackers who see decisions alone.
  mutating func decisions(
    at packed: inout [Float], rows: [Int], asking oracle: inout TargetOracle
  ) throws -> [Bool] {
    region.realise(&packed, rows: rows)
    let reached = try oracle.decisions(
      of: region.tensor(packed, rows: rows.count), samples: samples(rows), rows: rows,
      objective: objective)
    for (place, row) in rows.enumerated() where reached[place] {
      switch aim {
      case .nearest:
        offer(packed, place, row)
        if bestDistance[row] <= region.radius, region.radius.isFinite { retire(row) }
      case .anyReading:
        guard isMember(packed, place, row) else { continue }
        best[row] = Array(packed[place * width..<(place + 1) * width])
        retire(row)
      }
    }
    return reached
  }

  struct Answer {
    var losses: [Float]
    var margins: [Float]
    /// Packed like the rows asked about; zero on elements that cannot be written.
    var gradient: [Float]
    var scores: Tensor<Float>
  }

  /// Losses, margins and gradients at packed search points, which become readings in place.
  ///
  /// - Parameter targets: the alternative each place aims at, for targeted losses.
  mutating func gradients(
    at packed: inout [Float], rows: [Int], of loss: AttackLoss, targets: [Int] = [],
    wantsLosses: Bool = true, asking oracle: inout TargetOracle
  ) throws -> Answer {
    region.realise(&packed, rows: rows)
    let evaluation = LossEvaluation(loss, objective, rows: rows, targets: targets)
    let answer = try oracle.gradient(
      at: region.tensor(packed, rows: rows.count), samples: samples(rows)
    ) { evaluation[$0].cotangent(of: $1) }
    var gradient = answer.gradient.elements
    clean(&gradient, rows: rows)
    return Answer(
      losses: wantsLosses ? evaluation.values(of: answer.scores) : [],
      margins: note(answer.scores, of: packed, rows: rows), gradient: gradient,
      scores: answer.scores)
  }

  /// Notes where the first gradient of a row vanishes, and clears what cannot be followed.
  private mutating func clean(_ gradient: inout [Float], rows: [Int]) {
    let (width, writable) = (width, region.set.limits.writable)
    for (place, row) in rows.enumerated() {
      let isUseful = unsafe gradient.withUnsafeMutableBufferPointer { gradient in
        precondition((place + 1) * width <= gradient.count, "a gradient for each row")
        let mask = writable.span.extracting(0..<width)
        var largest: Float = 0
        for index in 0..<width {
          let slope = unsafe gradient[place * width + index]
          // False for NaN and for infinity.
          let kept = mask[index] && abs(slope) <= .greatestFiniteMagnitude ? slope : 0
          unsafe gradient[place * width + index] = kept
          largest = max(largest, abs(kept))
        }
        return largest > 0
      }
      if vanished[row] == nil { vanished[row] = !isUseful }
    }
  }

  /// Remembers readings whose outputs are known, and retires samples that are done.
  private mutating func note(
    _ scores: Tensor<Float>, of packed: [Float], rows: [Int]
  ) -> [Float] {
    let elements = scores.elements
    let outputs = objective.outputs
    var margins: [Float] = []
    margins.reserveCapacity(rows.count)
    var someAreDone = false
    for (place, row) in rows.enumerated() {
      let margin = objective.margin(elements, at: place, row: row)
      margins.append(margin)
      if margin >= 0, margin >= bestMargin[row] { continue }
      var magnitude: Float = 1
      for index in 0..<outputs {
        magnitude = max(magnitude, abs(elements[place * outputs + index]))
      }
      let clear = -Self.confidence * magnitude
      switch aim {
      case .anyReading:
        if margin < bestMargin[row], margin >= 0 || isMember(packed, place, row) {
          bestMargin[row] = margin
          if margin < 0 { best[row] = Array(packed[place * width..<(place + 1) * width]) }
        }
        if bestMargin[row] < clear {
          isDone[row] = true
          someAreDone = true
        }
      case .nearest:
        bestMargin[row] = min(bestMargin[row], margin)
        if margin < 0.1 * clear { offer(packed, place, row) }
        if bestDistance[row] <= region.radius, region.radius.isFinite, !isDone[row] {
          isDone[row] = true
          someAreDone = true
        }
      }
    }
    if someAreDone { active.removeAll { isDone[$0] } }
    return margins
  }

  /// Probes may lie outside the set, rounding can leave a ball or a rule, and a detector may notice.
  private func isMember(_ packed: [Float], _ place: Int, _ row: Int) -> Bool {
    if let detector, let limit = detector.residualLimit {
      let limits = region.set.limits
      let units = packed[place * width..<(place + 1) * width].map { limits.units($0) }
      if detector.residual(of: units) > limit { return false }
    }
    return region.contains(packed, at: place * width, row: row)
  }

  /// Keeps the reading if it is nearer than the best so far and keeps to limits and rules.
  private mutating func offer(_ packed: [Float], _ place: Int, _ row: Int) {
    let distance = region.distance(packed, at: place * width, row: row)
    guard distance < bestDistance[row], unbounded.contains(packed, at: place * width, row: row)
    else { return }
    bestDistance[row] = distance
    best[row] = Array(packed[place * width..<(place + 1) * width])
  }

  /// Moves the readings found by decisions a thousandth away from the original, where that still reaches the
  /// goal: they lie on the boundary itself, where the last bit of another engine could decide otherwise. One
  /// query a row that can afford it.
  mutating func settle(asking oracle: inout TargetOracle) throws {
    let rows = (0..<count).filter {
      best[$0] != nil && oracle.remaining(for: batch.samples[$0]) > 0
    }
    guard !rows.isEmpty else { return }
    var packed: [Float] = []
    packed.reserveCapacity(rows.count * width)
    for row in rows {
      for (index, value) in (best[row] ?? []).enumerated() {
        let original = region.originals[row * width + index]
        packed.append(original + (value - original) * 1.001)
      }
      region.project(&packed, at: packed.count - width, row: row, radius: .infinity)
    }
    region.realise(&packed, rows: rows)
    let reached = try oracle.decisions(
      of: region.tensor(packed, rows: rows.count), samples: samples(rows), rows: rows,
      objective: objective)
    for (place, row) in rows.enumerated() where reached[place] {
      let distance = region.distance(packed, at: place * width, row: row)
      let keeps = !region.radius.isFinite || distance <= region.radius
      guard keeps, unbounded.contains(packed, at: place * width, row: row) else { continue }
      best[row] = Array(packed[place * width..<(place + 1) * width])
      bestDistance[row] = distance
    }
  }

  /// One finding a row; a reading outside the set is not one.
  func findings() -> [AttackFinding] {
    (0..<count).map { row in
      var finding = AttackFinding(startGradientVanished: vanished[row])
      if let reading = best[row], region.contains(reading, at: 0, row: row) {
        finding.candidate = reading
      }
      if bestMargin[row].isFinite { finding.bestMargin = bestMargin[row] }
      return finding
    }
  }
}
