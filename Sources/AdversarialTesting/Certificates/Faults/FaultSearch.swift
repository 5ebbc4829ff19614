import EngineSupport
import NeuralRuntime

/// Branch and bound over the parameters of a fault: the smallest scale first, until the certificate and the smallest
/// refuting fault meet; then the largest boxes first, to know more of the volume.
struct FaultSearch {
  let pieces: [FaultedModel]
  let replay: FaultReplay
  let rows: GoalRows
  let effort: FaultEffort
  /// In descending order of scale and number: the last is next.
  private var open: [FaultBox] = []
  private var stuck: [FaultBox] = []
  private var proved: [FaultBox] = []
  private var refutedShare = 0.0
  private var found: FaultCertificate.Refutation?
  private var boxes = 0
  private var numbers = 0

  /// Boxes bounded together.
  private static let batch = 32

  init(pieces: [FaultedModel], replay: FaultReplay, rows: GoalRows, effort: FaultEffort) {
    self.pieces = pieces
    self.replay = replay
    self.rows = rows
    self.effort = effort
  }

  private var fault: ParametricFault { replay.window.fault }
  private var limit: Double { found?.scale ?? .infinity }

  /// Errors: `test.certificate.contradicted`.
  mutating func run() throws(Diagnostic) -> FaultCertificate {
    addOrthants()
    try probeCorners()
    while boxes < effort.boxes, let next = open.last, next.scale < limit,
      limit == .infinity || limit - next.scale > Bracket.tolerance / 2 * limit
    {
      try bound(taken(from: next.piece), isVolume: false)
    }
    let end = boxes + effort.volumeBoxes
    while boxes < end, !open.isEmpty {
      open.sort { ($0.share, $1.number) < ($1.share, $0.number) }
      try bound(taken(from: open[open.count - 1].piece), isVolume: true)
    }
    try check()
    let scales = (open + stuck).map(\.scale)
    return FaultCertificate(
      certifiedScale: min(scales.min() ?? 1, limit, 1), refutation: found,
      provedShare: min(1, proved.reduce(0) { $0 + $1.share }), refutedShare: refutedShare,
      boxes: boxes)
  }

  /// One box for each side of 0 of each parameter, in each piece.
  private mutating func addOrthants() {
    for (piece, model) in pieces.enumerated() {
      var parts = [FaultBox(piece: piece, lower: [], upper: [], share: 1, scale: 0, number: 0)]
      for (place, parameter) in fault.parameters.enumerated() {
        let (low, high) = (model.lower[place], model.upper[place])
        let sides = low < 0 && high > 0 ? [low...0, 0...high] : [low...high]
        parts = parts.flatMap { part in
          sides.map { side in
            var part = part
            part.lower.append(side.lowerBound)
            part.upper.append(side.upperBound)
            part.share *=
              (side.upperBound - side.lowerBound) / (parameter.most - parameter.least)
            return part
          }
        }
      }
      for part in parts { add(part) }
    }
  }

  /// Files a box with its scale.
  private mutating func add(_ box: FaultBox) {
    var box = box
    box.scale = fault.scale(of: pieces[box.piece].values(box.nearest, of: fault))
    box.number = numbers
    numbers += 1
    var (low, high) = (0, open.count)
    while low < high {
      let middle = (low + high) / 2
      if open[middle].scale > box.scale { low = middle + 1 } else { high = middle }
    }
    open.insert(box, at: low)
  }

  /// The next boxes of one piece, out of the last few.
  private mutating func taken(from piece: Int) -> [FaultBox] {
    let count = pieces[piece].propagation.isBatched ? Self.batch : 1
    var batch: [FaultBox] = []
    var kept: [FaultBox] = []
    while batch.count < count, kept.count < 4 * count, let box = open.popLast() {
      if box.piece == piece { batch.append(box) } else { kept.append(box) }
    }
    open.append(contentsOf: kept.reversed())
    return batch
  }

  private mutating func bound(_ batch: [FaultBox], isVolume: Bool) throws(Diagnostic) {
    guard let first = batch.first else { return }
    boxes += batch.count
    let bounds = FaultBounds(batch, pieces[first.piece].propagation, rows, effort, isVolume)
    var remaining: [(box: FaultBox, split: Int?)] = []
    var candidates: [[Double]] = []
    for (place, box) in batch.enumerated() {
      switch bounds.verdicts[place] {
      case .proved: proved.append(box)
      case .refuted: refutedShare += box.share
      case .open(let split, let corner):
        remaining.append((box, split))
        if !isVolume {
          candidates += [box.nearest, box.middle, corner].map {
            pieces[box.piece].values($0, of: fault)
          }
        }
      }
    }
    try probe(candidates)
    for (box, split) in remaining {
      guard let split else {
        stuck.append(box)
        continue
      }
      let middle = box.middle[split]
      var (left, right) = (box, box)
      left.upper[split] = middle
      right.lower[split] = middle
      left.share /= 2
      right.share /= 2
      add(left)
      add(right)
    }
  }

  /// The corners of the whole family and the ends of each parameter alone.
  private mutating func probeCorners() throws(Diagnostic) {
    var corners: [[Double]] = [[]]
    var points: [[Double]] = [fault.parameters.map { _ in 0 }]
    for (place, parameter) in fault.parameters.enumerated() {
      corners = corners.flatMap { corner in
        [parameter.least, parameter.most].map { corner + [$0] }
      }
      for end in [parameter.least, parameter.most] where end != 0 {
        points.append(fault.parameters.indices.map { $0 == place ? end : 0 })
      }
    }
    try probe(points + corners)
  }

  /// Tries faults; from each that is smaller than the smallest known, the way back to no fault is halved.
  private mutating func probe(_ faults: [[Double]]) throws(Diagnostic) {
    let smaller = faults.filter { fault.scale(of: $0) < limit }
    let reached = try replay.reaches(smaller)
    for (values, isReached) in zip(smaller, reached)
    where isReached && fault.scale(of: values) < limit {
      var (low, high) = (0.0, 1.0)
      for _ in 0..<20 {
        let middle = low / 2 + high / 2
        if try replay.reaches([values.map { $0 * middle }])[0] {
          high = middle
        } else {
          low = middle
        }
      }
      let best = values.map { $0 * high }
      found = FaultCertificate.Refutation(
        values: best, scale: fault.scale(of: best), reading: replay.window.sample(under: best))
    }
  }

  private func check() throws(Diagnostic) {
    guard let found else { return }
    for box in proved {
      var point = found.values
      if let place = fault.place(of: .delay) { point[place] -= Double(pieces[box.piece].lag) }
      guard !box.contains(point) else {
        throw Diagnostic(
          "test.certificate.contradicted",
          "the fault \(found.values.map { DecimalText.exact($0) }.joined(separator: ", ")) refutes "
            + "a box that was proved: a defect of the engine")
      }
    }
  }
}
