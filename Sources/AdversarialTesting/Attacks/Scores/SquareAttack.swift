import EngineSupport
import TensorCore

/// Random search with windows of shrinking size: the strongest attack that sees only scores.
///
/// L-infinity sets a window to one end of each channel's bounds; L2 and L1 move mass from one window into
/// another. The loss is the margin; a change is kept when it lowers the margin. Unlike in the authors' code
/// windows also reach the last row and column, and every sample draws its own.
/// Source: Andriushchenko et al., "Square Attack: a query-efficient black-box adversarial attack via random
/// search", ECCV 2020 (p_init 0.8, the schedule of 10,000 iterations unscaled as in AutoAttack).
public struct SquareAttack: AdversarialAttack {
  public static let name = "square"
  public static let needs = TargetAccess.scores
  public static var norms: [PerturbationNorm] { [.linf, .l2, .l1] }

  public var queries: Int
  public var restarts: Int
  /// The share of a sample that the first windows cover.
  public var firstShare: Double

  public init() { self.init(queries: 5_000) }

  /// `queries` and `restarts` must be positive and `firstShare` in (0, 1].
  public init(queries: Int, restarts: Int = 1, firstShare: Double = 0.8) {
    self.queries = queries
    self.restarts = restarts
    self.firstShare = firstShare
    precondition(isUsable, "a random search needs queries and a window")
  }

  public var isUsable: Bool {
    queries.isCount && restarts.isCount && firstShare > 0 && firstShare <= 1
  }

  public var parameters: [AttackParameter] {
    [
      AttackParameter("queries", String(queries)), AttackParameter("restarts", String(restarts)),
      AttackParameter("p_init", DecimalText.exact(firstShare)),
      AttackParameter("loss", AttackLoss.margin.rawValue),
    ]
  }

  /// The iterations after which the windows' area halves.
  private static let schedule = [10, 50, 200, 500, 1_000, 2_000, 4_000, 6_000, 8_000]

  private func share(at iteration: Int) -> Double {
    var share = firstShare
    for bound in Self.schedule where iteration > bound { share /= 2 }
    return share
  }

  public var doubled: (any AdversarialAttack)? {
    var doubled = self
    doubled.restarts *= 2
    return doubled.isUsable ? doubled : nil
  }

  public func search(
    _ batch: AttackBatch, asking oracle: inout TargetOracle
  ) throws -> [AttackFinding] {
    try requireNorm(of: batch)
    guard batch.set.budget.isFinite else {
      throw Diagnostic("test.attack.budget", "Square Attack needs a finite budget")
    }
    var session = try SearchSession(batch, asking: &oracle)
    let region = session.region
    let width = region.width
    let windows = SquareWindows(shape: batch.set.limits.shape)
    for restart in 0..<restarts where !session.active.isEmpty {
      var random = (0..<session.count).map { batch.random(row: $0, restart: restart) }
      var points = region.originals
      var losses = [Float](repeating: .infinity, count: session.count)
      for iteration in 0..<queries {
        session.retire(unaffordable: 1, asking: oracle)
        let rows = session.active
        if rows.isEmpty { break }
        var proposals = region.gather(points, rows: rows)
        for (place, row) in rows.enumerated() {
          if iteration == 0 {
            stripe(&proposals, place * width, row, region, windows, &random[row])
          } else if region.norm == .linf {
            paint(&proposals, place * width, row, region, windows, iteration, &random[row])
          } else {
            shift(&proposals, place * width, row, region, windows, iteration, &random[row])
          }
          region.project(&proposals, at: place * width, row: row)
        }
        var readings = proposals
        let margins = try session.margins(at: &readings, rows: rows, asking: &oracle)
        for (place, row) in rows.enumerated()
        where margins[place] < losses[row] || margins[place] <= 0 {
          losses[row] = min(losses[row], margins[place])
          points.replaceSubrange(
            row * width..<(row + 1) * width, with: proposals[place * width..<(place + 1) * width])
        }
      }
    }
    return session.findings()
  }

  /// The start: vertical stripes at the ends of the bounds (L-infinity), or a tiling of bumps.
  private func stripe(
    _ points: inout [Float], _ at: Int, _ row: Int, _ region: PerturbationRegion,
    _ windows: SquareWindows, _ random: inout SeededRandom
  ) {
    let start = row * region.width
    if region.norm == .linf {
      for channel in 0..<windows.channels {
        for column in 0..<windows.width {
          let isHigh = random.next() & 1 == 0
          for line in 0..<windows.height {
            let index = (channel * windows.height + line) * windows.width + column
            points[at + index] = isHigh ? region.high[start + index] : region.low[start + index]
          }
        }
      }
      return
    }
    let side = max(1, (windows.height > 1 ? min(windows.height, windows.width) : windows.width) / 5)
    let tall = windows.height > 1 ? side : 1
    var change = [Double](repeating: 0, count: region.width)
    for top in stride(from: 0, through: windows.height - tall, by: tall) {
      for left in stride(from: 0, through: windows.width - side, by: side) {
        let window = SquareWindows.Window(top: top, left: left, height: tall, width: side)
        let bump = SquareWindows.bump(
          height: tall, width: side, turned: random.next() & 1 == 0)
        for channel in 0..<windows.channels {
          let sign = random.next() & 1 == 0 ? 1.0 : -1
          for (offset, index) in windows.positions(window, channel: channel).enumerated() {
            change[index] += sign * bump[offset]
          }
        }
      }
    }
    spread(change, &points, at, start, region)
  }

  /// L-infinity: one window of every channel to an end of its bounds.
  private func paint(
    _ points: inout [Float], _ at: Int, _ row: Int, _ region: PerturbationRegion,
    _ windows: SquareWindows, _ iteration: Int, _ random: inout SeededRandom
  ) {
    let window = windows.window(
      share: share(at: iteration), atLeast: 1, odd: false, random: &random)
    let start = row * region.width
    for channel in 0..<windows.channels {
      let isHigh = random.next() & 1 == 0
      for line in window.top..<window.top + window.height {
        let first = (channel * windows.height + line) * windows.width + window.left
        for index in first..<first + window.width {
          points[at + index] = isHigh ? region.high[start + index] : region.low[start + index]
        }
      }
    }
  }

  /// L2 and L1: the change in a second window and the unused budget go into a bump in the first.
  private func shift(
    _ points: inout [Float], _ at: Int, _ row: Int, _ region: PerturbationRegion,
    _ windows: SquareWindows, _ iteration: Int, _ random: inout SeededRandom
  ) {
    let start = row * region.width
    let isSquare = region.norm == .l2
    var change = (0..<region.width).map {
      Double(points[at + $0]) - Double(region.originals[start + $0])
    }
    func mass(_ indices: [Int]) -> Double {
      indices.reduce(0) { $0 + (isSquare ? change[$1] * change[$1] : abs(change[$1])) }
    }
    let first = windows.window(share: share(at: iteration), atLeast: 3, odd: true, random: &random)
    var second = first
    second.top = random.index(below: windows.height - first.height + 1)
    second.left = random.index(below: windows.width - first.width + 1)
    let channels = (0..<windows.channels).map { windows.positions(first, channel: $0) }
    let others = (0..<windows.channels).map { windows.positions(second, channel: $0) }
    let whole = mass(Array(0..<region.width))
    var touched = Set(channels.joined())
    touched.formUnion(others.joined())
    let inWindows = mass(touched.sorted())
    let budget = isSquare ? region.radius * region.radius : region.radius
    let allowance = max(0, budget - whole) / Double(windows.channels) + inWindows
    let bump = SquareWindows.bump(
      height: first.height, width: first.width, turned: random.next() & 1 == 0)
    var renewed: [[Double]] = []
    for indices in channels {
      let sign = random.next() & 1 == 0 ? 1.0 : -1
      let old = isSquare ? mass(indices).squareRoot() : mass(indices)
      let mixed = indices.enumerated().map { sign * bump[$0] + change[$1] / (1e-12 + old) }
      let length = mixed.reduce(0) { $0 + (isSquare ? $1 * $1 : abs($1)) }
      let scale =
        isSquare ? (allowance / (1e-12 + length)).squareRoot() : allowance / (1e-12 + length)
      renewed.append(mixed.map { $0 * scale })
    }
    for indices in others { for index in indices { change[index] = 0 } }
    for (indices, values) in zip(channels, renewed) {
      for (index, value) in zip(indices, values) { change[index] = value }
    }
    spread(change, &points, at, start, region)
  }

  /// The change scaled to the whole radius.
  private func spread(
    _ change: [Double], _ points: inout [Float], _ at: Int, _ start: Int,
    _ region: PerturbationRegion
  ) {
    let length =
      region.norm == .l2
      ? change.reduce(0) { $0 + $1 * $1 }.squareRoot() : change.reduce(0) { $0 + abs($1) }
    let scale = region.radius / (length + 1e-12)
    for index in 0..<region.width {
      points[at + index] = Float(Double(region.originals[start + index]) + change[index] * scale)
    }
  }
}
