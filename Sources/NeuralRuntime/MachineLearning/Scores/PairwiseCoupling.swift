import TensorCore

/// Probabilities of classes from scores of pairs of classes: each score becomes a share of its pair, and the shares
/// are reconciled by LIBSVM's iteration.
///
/// Source: Wu, Lin, Weng, "Probability estimates for multi-class classification by pairwise coupling", JMLR 5 (2004),
/// algorithm 2. Steps are ended as LIBSVM ends them, so that results are its results.
struct PairwiseCoupling: Sendable {
  let classes: Int
  /// A pair's share is 1 / (1 + exp(slope · score + shift)).
  let slopes: [Float]
  let shifts: [Float]

  private static let least = 1e-7

  /// Elementary steps for one sample at most.
  var work: Int { 2 * classes * classes * rounds }
  private var rounds: Int { max(100, classes) }

  private func exponents<S: KernelScalar>(_ scores: [S]) -> [Double] {
    scores.indices.map { (S(slopes[$0]) * scores[$0] + S(shifts[$0])).real }
  }

  private static func share(_ exponent: Double) -> Double {
    min(max(PortableMath.sigmoid(-exponent), least), 1 - least)
  }

  func probabilities<S: KernelScalar>(of scores: [S]) -> [S] {
    solved(matrix(exponents(scores))) { _ in }.map { S.rounding($0) }
  }

  /// The pairs of classes in the order of their scores.
  private func forEachPair(_ body: (_ pair: Int, _ i: Int, _ j: Int) -> Void) {
    var pair = 0
    for i in 0..<classes {
      for j in i + 1..<classes {
        body(pair, i, j)
        pair += 1
      }
    }
  }

  /// Shares r[i, j] of class i against class j, and the quadratic form that the probabilities make least.
  private struct Form {
    var shares: [Double]
    var q: [Double]
  }

  private func matrix(_ exponents: [Double]) -> Form {
    let k = classes
    var form = Form(
      shares: Array(repeating: 0, count: k * k), q: Array(repeating: 0, count: k * k))
    forEachPair { pair, i, j in
      let share = Self.share(exponents[pair])
      form.shares[i * k + j] = share
      form.shares[j * k + i] = 1 - share
    }
    for i in 0..<k {
      for j in 0..<k where j != i {
        form.q[i * k + i] += form.shares[j * k + i] * form.shares[j * k + i]
        form.q[i * k + j] = -form.shares[j * k + i] * form.shares[i * k + j]
      }
    }
    return form
  }

  /// p, Q·p and pᵀ·Q·p while one class after the other is set right.
  private struct State {
    var p: [Double]
    var products: [Double]
    var total: Double

    init(_ p: [Double], _ q: [Double]) {
      let k = p.count
      self.p = p
      products = (0..<k).map { i in (0..<k).reduce(0) { $0 + q[i * k + $1] * p[$1] } }
      total = zip(p, products).reduce(0) { $0 + $1.0 * $1.1 }
    }

    mutating func settle(_ i: Int, _ q: [Double]) -> Double {
      let k = p.count
      let change = (total - products[i]) / q[i * k + i]
      p[i] += change
      total =
        (total + change * (change * q[i * k + i] + 2 * products[i])) / (1 + change) / (1 + change)
      for j in 0..<k {
        products[j] = (products[j] + change * q[i * k + j]) / (1 + change)
        p[j] /= 1 + change
      }
      return change
    }
  }

  /// - Parameter round: Called with the probabilities before each round.
  private func solved(_ form: Form, _ round: ([Double]) -> Void) -> [Double] {
    var p = [Double](repeating: 1 / Double(classes), count: classes)
    for _ in 0..<rounds {
      var state = State(p, form.q)
      guard
        state.products.contains(where: { abs($0 - state.total) > 0.005 / Double(classes) })
      else { break }
      round(p)
      for i in 0..<classes { _ = state.settle(i, form.q) }
      p = state.p
    }
    return p
  }

  /// The gradient of ⟨cotangent, probabilities⟩ by the scores, through every step that was taken.
  func pulledBack(_ cotangent: [Double], at scores: [Double]) -> [Double] {
    let form = matrix(exponents(scores))
    var starts: [[Double]] = []
    _ = solved(form) { starts.append($0) }
    var adjoint = Adjoint(p: cotangent, form.q)
    for start in starts.reversed() {
      var state = State(start, form.q)
      var steps: [(state: State, change: Double)] = []
      for i in 0..<classes {
        let before = state
        steps.append((before, state.settle(i, form.q)))
      }
      for i in (0..<classes).reversed() {
        adjoint.settle(
          i, steps[i].state.p, steps[i].state.products, steps[i].state.total,
          steps[i].change, form.q)
      }
      adjoint.begin(start, steps[0].state.products, form.q)
    }
    return slopes(adjoint.q, form.shares, exponents(scores))
  }

  /// What is left of the cotangent before a step: of p, Q·p, pᵀ·Q·p and Q.
  private struct Adjoint {
    var p: [Double]
    var products: [Double]
    var total = 0.0
    var q: [Double]

    init(p: [Double], _ q: [Double]) {
      self.p = p
      products = p.map { _ in 0 }
      self.q = q.map { _ in 0 }
    }

    mutating func settle(
      _ i: Int, _ before: [Double], _ g: [Double], _ sum: Double, _ change: Double,
      _ matrix: [Double]
    ) {
      let k = before.count
      let own = matrix[i * k + i]
      let whole = 1 + change
      var toWhole = 0.0
      var toChange = 0.0
      for j in 0..<k {
        let moved = before[j] + (j == i ? change : 0)
        toWhole -= p[j] * moved / (whole * whole)
        p[j] /= whole
        let shifted = g[j] + change * matrix[i * k + j]
        toWhole -= products[j] * shifted / (whole * whole)
        products[j] /= whole
        toChange += products[j] * matrix[i * k + j]
        q[i * k + j] += products[j] * change
      }
      let numerator = sum + change * (change * own + 2 * g[i])
      toWhole -= 2 * total * numerator / (whole * whole * whole)
      total /= whole * whole
      toChange += total * (2 * change * own + 2 * g[i]) + toWhole + p[i]
      q[i * k + i] += total * change * change
      products[i] += 2 * change * total
      total += toChange / own
      products[i] -= toChange / own
      q[i * k + i] -= toChange * change / own
    }

    /// Back over the products with which a round begins.
    mutating func begin(_ start: [Double], _ g: [Double], _ matrix: [Double]) {
      let k = start.count
      for j in 0..<k {
        products[j] += total * start[j]
        p[j] += total * g[j]
      }
      for i in 0..<k {
        for j in 0..<k {
          q[i * k + j] += products[i] * start[j]
          p[j] += products[i] * matrix[i * k + j]
        }
      }
      products = products.map { _ in 0 }
      total = 0
    }
  }

  private func slopes(_ q: [Double], _ shares: [Double], _ exponents: [Double]) -> [Double] {
    let k = classes
    var result = [Double](repeating: 0, count: exponents.count)
    forEachPair { pair, i, j in
      let (own, other) = (shares[i * k + j], shares[j * k + i])
      guard own > Self.least, other > Self.least else { return }
      let both = q[i * k + j] + q[j * k + i]
      let toOwn = 2 * own * q[j * k + j] - both * other
      let toOther = 2 * other * q[i * k + i] - both * own
      result[pair] = (toOther - toOwn) * own * other * Double(slopes[pair])
    }
    return result
  }

  /// With two classes the first one's probability is its share, up to where the iteration ends: of the form's
  /// remainder d = p − r it is known that |d| · max(p, 1 − p) ≤ 0.0025. With more, only that they are shares of one.
  func ranges(of scores: [Ranges.Range]) -> [Ranges.Range] {
    let room = 0x1p-16
    guard classes == 2, let score = scores.first else {
      return Array(repeating: (-room, 1 + room), count: classes)
    }
    let product = Ranges.product(score, (Double(slopes[0]), Double(slopes[0])))
    let exponent = Ranges.sum(product, (Double(shifts[0]), Double(shifts[0])))
    let wide: Ranges.Range = OutwardRounding.widened(exponent.low, exponent.high, ulps: 4)
    let error = 0.005 + 8 * room + abs(Double(shifts[0])) * 0x1p-20
    let low = max(Self.share(wide.high) - error, -room)
    let high = min(Self.share(wide.low) + error, 1 + room)
    return [(low, high), (1 - high, 1 - low)]
  }
}
