/// What a budget of an attacker counts, in words for tables and pictures.
extension TestPlan {
  public func unit(of attacker: Attacker) -> String {
    switch attacker.measure {
    case .unit: attacker.writes.first.map { input.channels[$0].unit } ?? ""
    case .noise: "× noise at rest"
    case .bits: "least significant bits"
    case .percent: "% of span"
    case .elements: "elements"
    }
  }
}
