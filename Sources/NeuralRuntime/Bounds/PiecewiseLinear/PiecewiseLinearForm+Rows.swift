import TensorCore

/// Arithmetic of rows: each sum is charged with the rounding of its own `Double` arithmetic.
extension PiecewiseLinearForm {
  /// Most terms of all rows of a value, and most maxima.
  static let termLimit = 1 << 22
  static let maximaLimit = 1 << 12

  static func constant(_ lower: Double, _ upper: Double) -> Row {
    Row(terms: [], lower: lower, upper: upper)
  }

  /// a · x + b · y.
  package func sum(_ a: Double, _ x: Row, _ b: Double, _ y: Row) -> Row {
    var terms: [Term] = []
    terms.reserveCapacity(x.terms.count + y.terms.count)
    var (i, j) = (0, 0)
    while i < x.terms.count || j < y.terms.count {
      let left = i < x.terms.count ? x.terms[i].variable : .max
      let right = j < y.terms.count ? y.terms[j].variable : .max
      var factor = 0.0
      if left <= right {
        factor += a * x.terms[i].factor
        i += 1
      }
      if right <= left {
        factor += b * y.terms[j].factor
        j += 1
      }
      terms.append(Term(variable: min(left, right), factor: factor))
    }
    let (p, q) = (a < 0 ? (x.upper, x.lower) : (x.lower, x.upper), b < 0)
    let sum = Row(
      terms: terms, lower: a * p.0 + b * (q ? y.upper : y.lower),
      upper: a * p.1 + b * (q ? y.lower : y.upper))
    let magnitude = abs(a) * self.magnitude(of: x) + abs(b) * self.magnitude(of: y)
    return sum.widened(by: magnitude * 0x1p-50)
  }

  /// Σ|terms| + |constant| at most.
  func magnitude(of row: Row) -> Double {
    row.terms.reduce(max(abs(row.lower), abs(row.upper))) { sum, term in
      let (low, high) = range(of: term.variable)
      return sum + abs(term.factor) * max(abs(low), abs(high))
    }
  }
}

extension PiecewiseLinearForm.Row {
  func widened(by room: Double) -> Self {
    Self(terms: terms, lower: (lower - room).nextDown, upper: (upper + room).nextUp)
  }
}
