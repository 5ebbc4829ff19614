import EngineSupport

/// Random search over which few elements to set to an end of their range: the L0 attack on scores.
///
/// A share of the chosen elements is swapped for others in each query; the share shrinks like the windows
/// of Square Attack.
/// Source: Croce, Andriushchenko, Singh, Flammarion, Hein, "Sparse-RS: a versatile framework for
/// query-efficient sparse black-box adversarial attacks", AAAI 2022.
public struct SparseRandomSearch: AdversarialAttack {
  public static let name = "sparse-rs"
  public static let needs = TargetAccess.scores
  public static var norms: [PerturbationNorm] { [.l0] }

  public var queries: Int

  public init() { self.init(queries: 5_000) }

  /// `queries` must be positive.
  public init(queries: Int) {
    self.queries = queries
    precondition(isUsable, "a random search needs queries")
  }

  public var isUsable: Bool {
    queries.isCount
  }

  public var parameters: [AttackParameter] {
    [AttackParameter("queries", String(queries)), AttackParameter("first share", "0.8")]
  }

  private static let schedule = [10, 50, 200, 500, 1_000, 2_000, 4_000, 6_000, 8_000]

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    try requireNorm(of: batch)
    var session = try SearchSession(batch, asking: &oracle)
    let region = session.region
    let width = region.width
    var random = (0..<session.count).map { batch.random(row: $0, restart: 0) }
    var chosen: [[Int]] = []
    var spare: [[Int]] = []
    var points = region.originals
    for row in 0..<session.count {
      var free = (0..<width).filter {
        region.rangeLow[row * width + $0] < region.rangeHigh[row * width + $0]
      }
      free.shuffle(using: &random[row])
      let size = min(free.count, Int(min(region.radius, Double(width))))
      chosen.append(Array(free[..<size]))
      spare.append(Array(free[size...]))
      for index in chosen[row] { set(index, &points, row * width, row, region, &random[row]) }
    }
    var losses = [Float](repeating: .infinity, count: session.count)
    for iteration in 0..<queries {
      session.retire(unaffordable: 1, asking: oracle)
      let rows = session.active
      if rows.isEmpty { break }
      let share = Self.schedule.reduce(0.8) { iteration > $1 ? $0 / 2 : $0 }
      var packed = region.gather(points, rows: rows)
      var swaps: [(out: [Int], into: [Int])] = []
      for (place, row) in rows.enumerated() {
        guard iteration > 0 else {
          swaps.append(([], []))
          continue
        }
        let count = max(1, Int((share * Double(chosen[row].count)).rounded(.up)))
        chosen[row].shuffle(using: &random[row])
        spare[row].shuffle(using: &random[row])
        let exchanged = min(count, chosen[row].count, spare[row].count)
        let out = Array(chosen[row].prefix(exchanged))
        let into = Array(spare[row].prefix(exchanged))
        for index in out { packed[place * width + index] = region.originals[row * width + index] }
        for index in into { set(index, &packed, place * width, row, region, &random[row]) }
        // With nothing to swap in, chosen elements change to the other end.
        if exchanged < count {
          for index in chosen[row].suffix(count - exchanged) {
            set(index, &packed, place * width, row, region, &random[row])
          }
        }
        swaps.append((out, into))
      }
      let proposals = packed
      for (place, row) in rows.enumerated() {
        region.project(&packed, at: place * width, row: row)
      }
      let margins = try session.margins(at: &packed, rows: rows, asking: &oracle)
      for (place, row) in rows.enumerated() where margins[place] <= losses[row] {
        losses[row] = margins[place]
        points.replaceSubrange(
          row * width..<(row + 1) * width, with: proposals[place * width..<(place + 1) * width])
        let swap = swaps[place]
        chosen[row].replaceSubrange(0..<swap.out.count, with: swap.into)
        spare[row].replaceSubrange(0..<swap.into.count, with: swap.out)
      }
    }
    return session.findings()
  }

  private func set(
    _ index: Int, _ points: inout [Float], _ at: Int, _ row: Int, _ region: PerturbationRegion,
    _ random: inout SeededRandom
  ) {
    let position = row * region.width + index
    points[at + index] =
      random.next() & 1 == 0 ? region.rangeHigh[position] : region.rangeLow[position]
  }
}
