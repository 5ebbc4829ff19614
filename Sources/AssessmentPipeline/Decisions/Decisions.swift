/// What an assessment offers to whoever has to decide: how soon, against which defences, and what if.
public struct Decisions: Sendable {
  /// In the order of the product file's consequences.
  public var times: [GoalTimes]
  /// `nil` where no solver was at hand.
  public var hardening: HardeningPlan?
  /// In the order of the product file.
  public var whatIfs: [WhatIfResult]

  public init(times: [GoalTimes], hardening: HardeningPlan?, whatIfs: [WhatIfResult]) {
    self.times = times
    self.hardening = hardening
    self.whatIfs = whatIfs
  }
}

extension Assessment {
  func decisions(
    in product: ProductGraph, progress: (AssessmentProgress) -> Void
  ) throws -> Decisions {
    progress(AssessmentProgress(stage: "playing attacks for their times"))
    let times = try compromiseTimes(in: product)
    progress(AssessmentProgress(stage: "weighing defences"))
    let hardening = try hardeningPlan(in: product)
    progress(AssessmentProgress(stage: "answering what-ifs"))
    return Decisions(times: times, hardening: hardening, whatIfs: try whatIfs(in: product))
  }
}
