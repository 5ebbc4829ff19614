public import EngineSupport

/// Everything an attacker can turn one sample into: readings inside the sensor's range, at most
/// `budget` engineering units from the original, on the sensor's grid, and only where it can write.
///
/// An element left as it was is always allowed. A changed element must be finite and the exact tensor
/// value of a grid code. Distances are compared with a slack of two units in the last place of `Float`
/// at the far end of the budget, the error of storing the two readings in single precision; so a budget
/// of three least significant bits admits three steps, never a fourth.
public struct PerturbationSet: Sendable, Hashable {
  public let limits: PhysicalLimits
  /// The largest absolute change of one element, in engineering units (an L-infinity ball).
  public let budget: Double

  /// - Throws: `test.limits.budget` when the budget is negative or not finite.
  public init(_ limits: PhysicalLimits, budget: Double) throws(Diagnostic) {
    guard budget.isFinite, budget >= 0 else {
      throw Diagnostic(
        "test.limits.budget", "the budget \(budget) must be finite and not negative")
    }
    self.limits = limits
    self.budget = budget
  }

  /// Whether the attacker can turn `original` into `candidate`; both hold one sample, row-major.
  public func contains(original: [Float], candidate: [Float]) -> Bool {
    guard original.count == limits.count, candidate.count == limits.count else { return false }
    for index in 0..<limits.count {
      let before = original[index]
      let after = candidate[index]
      if after == before { continue }
      guard limits.writable[index], after.isFinite,
        allows(after, from: before, at: index)
      else { return false }
    }
    return true
  }

  private func allows(_ after: Float, from before: Float, at index: Int) -> Bool {
    let slack = 2 * storageSlack(of: before)
    var reading = limits.units(after)
    if limits.leastSignificantBit[index] > 0 {
      let code = limits.nearestCode(reading, index)
      guard code >= 0, code <= limits.highestCode(index),
        after == limits.tensorValue(limits.units(ofCode: code, index))
      else { return false }
      reading = limits.units(ofCode: code, index)
    }
    return reading >= limits.low[index] - slack && reading <= limits.high[index] + slack
      && abs(reading - limits.units(before)) <= budget + slack
  }

  /// One unit in the last place of `Float` at the far end of the budget, in engineering units.
  func storageSlack(of original: Float) -> Double {
    let reach = abs(original) + Float(budget / limits.scaling.unitsPerTensorUnit)
    return Double(reach.ulp) * limits.scaling.unitsPerTensorUnit
  }

  /// The L-infinity distance of two samples in engineering units.
  public func distance(_ original: [Float], _ candidate: [Float]) -> Double {
    var largest = 0.0
    for (before, after) in zip(original, candidate) {
      largest = max(largest, abs(Double(after) - Double(before)))
    }
    return largest * limits.scaling.unitsPerTensorUnit
  }
}
