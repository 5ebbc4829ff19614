/// The exact membership test. It shares no code with the projections that searches use, so that a mistake
/// in one shows up in the other.
extension PerturbationSet {
  /// Whether the attacker can turn `original` into `candidate`; both hold one sample, row-major.
  public func contains(original: [Float], candidate: [Float]) -> Bool {
    guard original.count == limits.count, candidate.count == limits.count else { return false }
    let envelope = jitterEnvelope(of: original, from: 0)
    let grouped = Set(compiled.oneHotGroups.joined())
    for index in 0..<limits.count where candidate[index] != original[index] {
      guard limits.writable[index], candidate[index].isFinite,
        allowsDirection(candidate[index], from: original[index], at: index),
        grouped.contains(index)
          || allowsReading(
            candidate[index], from: original[index], at: index,
            within: envelope.map { ($0.low[index], $0.high[index]) })
      else { return false }
    }
    return isWithinBall(original, candidate) && keepsSlabs(original, candidate)
      && keepsOneHot(original, candidate)
  }

  private func allowsDirection(_ after: Float, from before: Float, at index: Int) -> Bool {
    compiled.mayRise.isEmpty
      || (after > before ? compiled.mayRise[index] : compiled.mayFall[index])
  }

  /// Range, grid and, for L-infinity, the element's own reach.
  private func allowsReading(
    _ after: Float, from before: Float, at index: Int, within envelope: (low: Float, high: Float)?
  ) -> Bool {
    let slack = 2 * storageSlack(of: before, at: index)
    var reading = limits.units(after)
    if limits.leastSignificantBit[index] > 0 {
      let code = limits.nearestCode(reading, index)
      guard code >= 0, code <= limits.highestCode(index),
        after == limits.tensorValue(limits.units(ofCode: code, index))
      else { return false }
      reading = limits.units(ofCode: code, index)
    }
    guard reading >= limits.low[index] - slack, reading <= limits.high[index] + slack else {
      return false
    }
    guard norm == .linf else { return true }
    let floor = limits.units(envelope?.low ?? before)
    let ceiling = limits.units(envelope?.high ?? before)
    let reach = budget * shares[index] + slack
    return reading >= floor - reach && reading <= ceiling + reach
  }

  private func isWithinBall(_ original: [Float], _ candidate: [Float]) -> Bool {
    switch norm {
    case .linf: return true
    case .l0: return distance(original, candidate) <= budget
    case .l1, .l2:
      var slack = 0.0
      for index in original.indices where original[index] != candidate[index] {
        let part = 2 * storageSlack(of: original[index], at: index)
        slack += norm == .l1 ? part : part * part
      }
      return distance(original, candidate) <= budget + (norm == .l1 ? slack : slack.squareRoot())
    }
  }

  private func keepsSlabs(_ original: [Float], _ candidate: [Float]) -> Bool {
    compiled.slabs.allSatisfy { slab in
      let bounds = slab.bounds(clean: slab.value(original, from: 0))
      let value = slab.value(candidate, from: 0)
      return value >= bounds.low - slab.slack && value <= bounds.high + slab.slack
    }
  }

  /// A changed group has exactly one element at its high end and the others at their low end.
  private func keepsOneHot(_ original: [Float], _ candidate: [Float]) -> Bool {
    compiled.oneHotGroups.allSatisfy { group in
      if group.allSatisfy({ candidate[$0] == original[$0] }) { return true }
      let hot = group.filter { candidate[$0] == limits.tensorValue(limits.high[$0]) }
      return hot.count == 1
        && group.allSatisfy {
          $0 == hot[0] || candidate[$0] == limits.tensorValue(limits.low[$0])
        }
    }
  }

  /// The distance of two samples in the set's norm: engineering units, a count for L0. With shares, the
  /// largest change over its share; with jitter, changes count from the jitter's envelope.
  public func distance(_ original: [Float], _ candidate: [Float]) -> Double {
    distance(original, from: 0, candidate, from: 0)
  }

  func distance(
    _ original: [Float], from a: Int, _ candidate: [Float], from b: Int
  ) -> Double {
    let units = limits.scaling.unitsPerTensorUnit
    guard norm == .linf else {
      let plain = norm.distance(original, from: a, candidate, from: b, count: limits.count)
      return norm == .l0 ? plain : plain * units
    }
    let envelope = jitterEnvelope(of: original, from: a)
    var largest = 0.0
    for index in 0..<limits.count {
      let after = Double(candidate[b + index])
      let low = Double(envelope?.low[index] ?? original[a + index])
      let high = Double(envelope?.high[index] ?? original[a + index])
      let change = after < low ? low - after : (after > high ? after - high : 0)
      largest = max(largest, shares[index] == 1 ? change : change / shares[index])
    }
    return largest * units
  }

  /// What each element can become by moving its sampling instant alone; `nil` without such a rule.
  func jitterEnvelope(of elements: [Float], from start: Int) -> (low: [Float], high: [Float])? {
    guard !compiled.jitters.isEmpty else { return nil }
    var low = Array(elements[start..<start + limits.count])
    var high = low
    for jitter in compiled.jitters {
      for line in jitter.lines where line.count > 1 {
        for instant in 0..<line.count {
          let index = line.index(instant)
          let first = max(0, Double(instant) - jitter.periods)
          let last = min(Double(line.count - 1), Double(instant) + jitter.periods)
          var values = [first, last].map { line.value(at: $0, of: elements, from: start) }
          for inner in Int(first.rounded(.up))...max(Int(first.rounded(.up)), Int(last)) {
            values.append(elements[start + line.index(min(inner, line.count - 1))])
          }
          for value in values {
            low[index] = min(low[index], value)
            high[index] = max(high[index], value)
          }
        }
      }
    }
    return (low, high)
  }
}

extension CompiledRules.TimeLine {
  /// The linear interpolation of the channel at a time between its instants.
  fileprivate func value(at time: Double, of elements: [Float], from start: Int) -> Float {
    let before = min(Int(time), count - 2)
    let share = time - Double(before)
    let left = Double(elements[start + index(before)])
    let right = Double(elements[start + index(before + 1)])
    return Float(left + (right - left) * share)
  }
}
