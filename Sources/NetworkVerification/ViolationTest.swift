import PropertyFormat

/// Whether outputs violate a property: linear constraints evaluated so that the sign can be trusted.
struct ViolationTest: Sendable {
  let property: SafetyProperty

  /// The greatest left side among a case's constraints: at or below 0 all of them hold.
  func excess<S: BinaryFloatingPoint>(
    _ index: Int, inputs: ArraySlice<S>, outputs: ArraySlice<S>
  ) -> Double {
    var most = -Double.infinity
    for constraint in property.cases[index].constraints {
      let value = leftSide(constraint, inputs, outputs)
      most = value > most || value.isNaN ? value : most
    }
    return most
  }

  /// Whether every constraint of a case holds. A sum of more than two terms must be below 0 by more than the
  /// rounding of its own evaluation; the sign of one or two terms is exact.
  func holds<S: BinaryFloatingPoint>(
    _ index: Int, inputs: ArraySlice<S>, outputs: ArraySlice<S>
  ) -> Bool {
    property.cases[index].constraints.allSatisfy { constraint in
      let value = leftSide(constraint, inputs, outputs)
      let terms =
        constraint.inputs.count + constraint.outputs.count + (constraint.constant == 0 ? 0 : 1)
      let isExact =
        terms <= 2
        && (constraint.inputs + constraint.outputs).allSatisfy { abs($0.coefficient) == 1 }
      if isExact { return value <= 0 }
      var magnitude = abs(constraint.constant)
      for term in constraint.inputs {
        magnitude += abs(term.coefficient * Double(inputs[inputs.startIndex + term.index]))
      }
      for term in constraint.outputs {
        magnitude += abs(term.coefficient * Double(outputs[outputs.startIndex + term.index]))
      }
      return value <= -magnitude * Double(terms + 2) * 0x1p-52
    }
  }

  func leftSide<S: BinaryFloatingPoint>(
    _ constraint: SafetyProperty.LinearConstraint, _ inputs: ArraySlice<S>, _ outputs: ArraySlice<S>
  ) -> Double {
    var sum = constraint.constant
    for term in constraint.inputs {
      sum += term.coefficient * Double(inputs[inputs.startIndex + term.index])
    }
    for term in constraint.outputs {
      sum += term.coefficient * Double(outputs[outputs.startIndex + term.index])
    }
    return sum
  }
}
