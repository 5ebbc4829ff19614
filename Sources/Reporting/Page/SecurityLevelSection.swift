import AssessmentPipeline
import EngineSupport

/// Target and achieved security levels, zone by zone, component by component, requirement by requirement.
struct SecurityLevelSection: PageSection {
  static let anchor = "security-levels"
  static let title = "Security levels"

  let result: AssessmentResult

  init(result: AssessmentResult, layout: any GraphLayout) { self.result = result }

  func content() -> [Markup] {
    guard let levels = result.securityLevels else {
      return [
        Fragment.note(
          "The product file asks for no security level; `target_level` of a zone or component does."
        )
      ]
    }
    return [
      Fragment.note(
        "Component requirements of IEC 62443-4-2 (\(levels.catalogue)), by identifier and level only. A requirement "
          + "counts where each part of the component that has defences implementing it has one in place: "
          + "claimed where the product file says so with at least 0.9, supported where a file shows it. What "
          + "the threat language has no defence for is not judged, so a level holds as far as it was judged. "
          + "This is no statement of conformity."),
      Table(
        "Zones",
        [
          .init("Zone"), .init("Target"), .init("Achieved with claims"),
          .init("Achieved with evidence"), .init("Components judged"),
        ],
        rows: levels.zones.map { zone in
          [
            .text(zone.zone), .text(zone.target.text), .text(zone.achieved.text),
            .text(zone.achievedWithEvidence.text),
            .text(zone.components.isEmpty ? "none" : zone.components.joined(separator: ", ")),
          ]
        }, whenEmpty: "no zone has a target."
      ).render(),
      Table(
        "Components",
        [
          .init("Component"), .init("Judged as"), .init("Target"), .init("With claims"),
          .init("With evidence"), .init("Supported", isNumber: true),
          .init("Claimed", isNumber: true), .init("Open", isNumber: true),
          .init("Refuted", isNumber: true), .init("Not judged", isNumber: true),
        ],
        rows: levels.components.map(Self.row), whenEmpty: "no component has a target."
      ).render(),
    ] + FindingBox.all(of: .securityLevel, in: result).map { $0.render() }
      + levels.components.filter { !$0.gaps.isEmpty }.map(Self.gaps)
  }

  private static func row(_ component: ComponentLevel) -> [Markup] {
    func count(_ state: RequirementStatus.State) -> Markup {
      .text("\(component.requirements.count { $0.state == state })")
    }
    return [
      .text(component.component), .text(component.type.title), .text(component.target.text),
      .text(component.achieved(withEvidenceOnly: false).text),
      .text(component.achieved(withEvidenceOnly: true).text), count(.supported), count(.claimed),
      count(.open), count(.refuted), count(.notJudged),
    ]
  }

  private static func gaps(_ component: ComponentLevel) -> Markup {
    Table(
      "What \(component.component) lacks for its target",
      [
        .init("Requirement"), .init("Name"), .init("Level", isNumber: true), .init("State"),
        .init("Defences that are missing"),
      ],
      rows: component.gaps.map { status in
        [
          .text(status.id), .text(status.name), .text("\(status.level)"),
          .text(status.state.rawValue),
          .text((status.missing + status.testRuns.map { "test \($0)" }).joined(separator: ", ")),
        ]
      }
    ).render()
  }
}
