/// What is known of the candidates of each maximum in a part of the tree.
///
/// Law: in that part each maximum is the greatest of its live candidates, and every candidate, every maximum and every
/// difference of two candidates of one maximum lies within its bounds.
struct CandidateRanges: Sendable {
  /// Where the candidates of each maximum start, and the end of the last ones.
  let starts: [Int]
  /// Where the squares of differences of each maximum start; squares of wide maxima are empty.
  private let squares: [Int]
  /// What each candidate lies between.
  var lower: [Double]
  var upper: [Double]
  /// Whether a candidate may have to lead.
  var isLive: [Bool]
  /// What each maximum lies between.
  var least: [Double]
  var most: [Double]
  /// By how much each candidate exceeds each other one of its maximum at most.
  private var leads: [Double]
  /// The distance up to which the bounds hold.
  var ceiling = Double.infinity

  /// Most candidates of a maximum whose differences are kept.
  private static let widthLimit = 64

  /// - Parameter candidates: What the candidates of each maximum lie between.
  init(_ candidates: [[(lower: Double, upper: Double)]]) {
    var (starts, squares) = ([0], [0])
    for ranges in candidates {
      starts.append(starts[starts.count - 1] + ranges.count)
      let width = ranges.count <= Self.widthLimit ? ranges.count : 0
      squares.append(squares[squares.count - 1] + width * width)
    }
    (self.starts, self.squares) = (starts, squares)
    lower = candidates.flatMap { $0.map(\.lower) }
    upper = candidates.flatMap { $0.map(\.upper) }
    isLive = lower.map { _ in true }
    least = candidates.map { $0.reduce(-.infinity) { max($0, $1.lower) } }
    most = candidates.map { $0.reduce(-.infinity) { max($0, $1.upper) } }
    leads = Array(repeating: .infinity, count: squares[squares.count - 1])
  }

  /// The candidates that may have to lead, by their numbers within the maximum.
  func live(_ maximum: Int) -> [Int] {
    let start = starts[maximum]
    return (0..<starts[maximum + 1] - start).filter { isLive[start + $0] }
  }

  /// Whether more than one candidate may lead.
  func isOpen(_ maximum: Int) -> Bool {
    var live = 0
    for place in starts[maximum]..<starts[maximum + 1] where isLive[place] { live += 1 }
    return live > 1
  }

  /// Whether differences of its candidates are kept.
  func keepsLeads(_ maximum: Int) -> Bool { squares[maximum] < squares[maximum + 1] }

  /// By how much a candidate exceeds another at most.
  func lead(of candidate: Int, over other: Int, in maximum: Int) -> Double {
    let start = starts[maximum]
    let width = starts[maximum + 1] - start
    let spread = (upper[start + candidate] - lower[start + other]).nextUp
    guard keepsLeads(maximum) else { return spread }
    return min(leads[squares[maximum] + candidate * width + other], spread)
  }

  /// Keeps a bound of a difference, where differences are kept.
  mutating func limitLead(of candidate: Int, over other: Int, in maximum: Int, to bound: Double) {
    guard keepsLeads(maximum) else { return }
    let place =
      squares[maximum] + candidate * (starts[maximum + 1] - starts[maximum]) + other
    leads[place] = min(leads[place], bound)
  }

  /// By how much the maximum exceeds a candidate at most.
  func shortfall(of candidate: Int, in maximum: Int) -> Double {
    var most = 0.0
    for other in live(maximum) where other != candidate {
      most = max(most, lead(of: other, over: candidate, in: maximum))
    }
    let room = (self.most[maximum] - lower[starts[maximum] + candidate]).nextUp
    return max(0, min(most, room))
  }

  /// The part in which one of these candidates leads.
  mutating func choose(_ candidates: [Int], in maximum: Int) {
    for place in starts[maximum]..<starts[maximum + 1] { isLive[place] = false }
    for candidate in candidates { isLive[starts[maximum] + candidate] = true }
  }

  /// A candidate that does lead at some point, whatever the bounds say: where they do not fit, the least one holds.
  mutating func fix(_ candidate: Int, in maximum: Int) {
    choose([candidate], in: maximum)
    let place = starts[maximum] + candidate
    most[maximum] = max(least[maximum], min(most[maximum], upper[place]))
  }

  /// Takes out candidates that need not lead, and brings a maximum and its candidates into line; false where nothing
  /// fits.
  mutating func settle(_ maximum: Int) -> Bool {
    let places = starts[maximum]..<starts[maximum + 1]
    let start = places.lowerBound
    var live = live(maximum)
    for candidate in live where live.count > 1 {
      let yields = live.contains {
        $0 != candidate && lead(of: candidate, over: $0, in: maximum) <= 0
      }
      if yields {
        isLive[start + candidate] = false
        live.removeAll { $0 == candidate }
      }
    }
    for place in places { least[maximum] = max(least[maximum], lower[place]) }
    let highest = live.reduce(-Double.infinity) { max($0, upper[start + $1]) }
    most[maximum] = min(most[maximum], highest)
    for place in places { upper[place] = min(upper[place], most[maximum]) }
    if live.count == 1 { lower[start + live[0]] = least[maximum] }
    return least[maximum] <= most[maximum] && places.allSatisfy { lower[$0] <= upper[$0] }
  }
}
