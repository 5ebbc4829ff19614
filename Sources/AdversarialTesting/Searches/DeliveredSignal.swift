import EngineSupport
import TensorCore

/// Signals that are bent as they come: what was delivered so far, and what is planned from there on.
struct DeliveredSignal {
  /// Every row of the batch; from the present instant on as measured.
  private(set) var delivered: [Float]
  /// Every row: delivered, then planned on the forecast.
  var plan: [Float]
  let instants: Int

  private let set: PerturbationSet
  private let measured: [Float]
  private let width: Int
  /// The instant that each element of a sample belongs to.
  private let instantOfElement: [Int]
  private let stride: Int
  /// What of the plan goes beyond the forecast, element by element.
  private var bend: [Float]
  private var isDelivered: [Bool]
  /// Rules that an instant completes: all their elements are known then.
  private let slabsOfInstant: [[Int]]

  init(_ batch: AttackBatch, axis: Int) {
    set = batch.set
    let shape = batch.set.limits.shape
    width = batch.set.limits.count
    instants = shape[axis]
    stride = shape[(axis + 1)...].reduce(1, *)
    let (stride, instants) = (stride, instants)
    let instantOfElement = (0..<width).map { $0 / stride % instants }
    self.instantOfElement = instantOfElement
    measured = batch.originals.elements
    delivered = measured
    plan = measured
    bend = Array(repeating: 0, count: measured.count)
    isDelivered = Array(repeating: false, count: width)
    var slabs = [[Int]](repeating: [], count: instants)
    for (number, slab) in batch.set.compiled.slabs.enumerated() {
      let last = slab.indices.map { instantOfElement[$0] }.max() ?? 0
      slabs[last].append(number)
    }
    slabsOfInstant = slabs
  }

  func isWritable(at instant: Int) -> Bool {
    elements(at: instant).contains { set.limits.writable[$0] }
  }

  private func elements(at instant: Int) -> [Int] {
    instantOfElement.indices.filter { instantOfElement[$0] == instant }
  }

  /// What can be planned at an instant: later readings are taken to be the present one, earlier ones are delivered.
  func region(at instant: Int) -> PerturbationRegion {
    var seen = measured
    for position in seen.indices {
      let ahead = instantOfElement[position % width] - instant
      if ahead > 0 { seen[position] = measured[position - ahead * stride] }
    }
    return PerturbationRegion(set, around: seen)
      .holding(delivered, where: instantOfElement.map { $0 < instant })
  }

  /// Moves the plan onto the readings that are known now.
  mutating func bringForward(to instant: Int, within region: PerturbationRegion) {
    for index in 0..<width { isDelivered[index] = instantOfElement[index] < instant }
    for position in plan.indices {
      plan[position] =
        isDelivered[position % width]
        ? delivered[position] : region.originals[position] + bend[position]
    }
    for row in 0..<plan.count / width {
      region.project(&plan, at: row * width, row: row)
      restoreDelivered(row)
    }
  }

  /// A projection may pull a whole sample back; what was delivered is not the attacker's to change.
  mutating func restoreDelivered(_ row: Int) {
    for index in 0..<width where isDelivered[index] {
      plan[row * width + index] = delivered[row * width + index]
    }
  }

  /// Makes one instant of the plan final, drawn back as far as the rules need it.
  mutating func deliver(_ instant: Int, within region: PerturbationRegion) {
    let present = elements(at: instant)
    for row in 0..<plan.count / width {
      let start = row * width
      for share in [1, 0.75, 0.5, 0.25, 0] as [Float] {
        var candidate = Array(plan[start..<start + width])
        for index in present {
          let reading = measured[start + index]
          candidate[index] = reading + share * (plan[start + index] - reading)
        }
        region.realise(&candidate, rows: [row])
        for index in present { delivered[start + index] = candidate[index] }
        if keepsRules(at: instant, row: row) { break }
      }
    }
    for position in plan.indices { bend[position] = plan[position] - region.originals[position] }
  }

  private func keepsRules(at instant: Int, row: Int) -> Bool {
    slabsOfInstant[instant].allSatisfy { number in
      let slab = set.compiled.slabs[number]
      let bounds = slab.bounds(clean: slab.value(measured, from: row * width))
      let value = slab.value(delivered, from: row * width)
      return value >= bounds.low - slab.slack && value <= bounds.high + slab.slack
    }
  }
}
