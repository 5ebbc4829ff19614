import NeuralRuntime

/// Between points of the program and inputs, and what the network's form makes of an input.
extension DistortionModel {
  /// The input at a point of the program.
  func input(at point: [Double]) -> [Double] {
    switch norm {
    case .linf: Array(point[..<inputs])
    case .l1: sample.indices.map { sample[$0] + point[$0] - point[inputs + $0] }
    }
  }

  /// The rectifiers' operands at an input, with each constant in its middle.
  func operands(at input: [Double]) -> [Double] {
    var variables = input
    var result: [Double] = []
    for rectifier in form.rectifiers {
      let row = rectifier.operand
      var sum = row.lower / 2 + row.upper / 2
      for term in row.terms { sum += term.factor * variables[term.variable] }
      result.append(sum)
      variables.append(max(0, sum))
    }
    return result
  }

  /// How far each rectifier's column is above what its operand says, at a point of the program.
  func excesses(at point: [Double]) -> [Double] {
    operands.enumerated().map { rectifier, operand in
      var sum = operand.lower / 2 + operand.upper / 2
      for term in operand.terms { sum += term.factor * point[term.column] }
      return point[firstRectifier + rectifier] - max(0, sum)
    }
  }

  /// Narrows ranges by what the columns and the ranges before allow; false where nothing fits.
  func propagate(_ ranges: inout Ranges, ceiling: Double) -> Bool {
    let columns = columns(over: ranges, ceiling: ceiling)
    var (lower, upper) = (columns.lower, columns.upper)
    for (rectifier, operand) in operands.enumerated() {
      var (low, high) = (operand.lower, operand.upper)
      var magnitude = abs(low) + abs(high)
      for term in operand.terms {
        let x = term.factor * lower[term.column]
        let y = term.factor * upper[term.column]
        low += min(x, y)
        high += max(x, y)
        magnitude += max(abs(x), abs(y))
      }
      let room = magnitude * Double(operand.terms.count + 4) * 0x1p-52
      ranges.lower[rectifier] = max(ranges.lower[rectifier], low - room)
      ranges.upper[rectifier] = min(ranges.upper[rectifier], high + room)
      guard ranges.lower[rectifier] <= ranges.upper[rectifier] else { return false }
      lower[firstRectifier + rectifier] = max(0, ranges.lower[rectifier])
      upper[firstRectifier + rectifier] = max(0, ranges.upper[rectifier])
    }
    return true
  }

  /// Puts ranges into a program that was made over wider ones.
  func narrow(_ simplex: inout DualSimplex, to ranges: Ranges) {
    let columns = simplex.program.columns
    for rectifier in operands.indices {
      simplex.bound(
        firstRectifier + rectifier, from: max(0, ranges.lower[rectifier]),
        to: max(0, ranges.upper[rectifier]))
      let kink = kinkBounds(of: rectifier, over: ranges)
      simplex.bound(columns + kinkRow(of: rectifier), from: kink.lower, to: kink.upper)
    }
    simplex.restore()
  }
}
