import AssessmentPipeline
import EngineSupport
import Foundation
import Testing

/// Target levels against what the sample's defences and tests achieve, requirement by requirement.
@Suite(.serialized) struct SecurityLevelTests {
  private static let evidence = "evidence/BL-17.txt"

  private func sample() throws -> SampleProduct { try SampleProduct() }

  @Test func aDemonstratedAttackRefutesItsRequirement() throws {
    let result = try sample().assess()
    let levels = try #require(result.securityLevels)
    let terminal = try #require(levels.components.first)
    #expect(terminal.component == "Handheld terminal HT-7" && terminal.type == .embeddedDevice)
    #expect(terminal.target == SecurityLevelVector(2))
    let input = try #require(terminal.requirements.first { $0.id == "CR 3.5" })
    #expect(input.state == .refuted && input.level == 1)
    #expect(input.testRuns.contains { $0.hasSuffix("evadeBySensor") }, "\(input)")
    #expect(terminal.achieved(withEvidenceOnly: false)[.systemIntegrity] == 0)
    let finding = try #require(
      result.findings.first { $0.id == "security-level/handheld-terminal-ht-7" })
    #expect(finding.verdict == .provenByTest && finding.severity == .high)
    #expect(finding.statement.contains("Refuted by test: CR 3.5"), "\(finding.statement)")
  }

  @Test func supportedAndClaimedAreToldApart() throws {
    let result = try sample().assess()
    let states = result.defenses.map { "\($0.assetName):\($0.claim.name) \($0.state.rawValue)" }
    #expect(states.contains("Update agent:imageSignature supported"), "\(states)")
    #expect(states.contains("Historian → SCADA server:messageAuthentication claimed"))
    let terminal = try #require(result.securityLevels?.components.first)
    let signed = try #require(terminal.requirements.first { $0.id == "EDR 3.10 RE(1)" })
    #expect(signed.state == .supported, "\(signed)")
    #expect(
      result.sources.contains { $0.role == .defenseEvidence && $0.name == Self.evidence })
  }

  @Test func withoutItsFileAClaimIsOnlyClaimed() throws {
    var product = try sample()
    product.edit("        evidence: evidence/BL-17.txt\n", "")
    let result = try product.assess()
    #expect(result.defenses.allSatisfy { $0.state == .claimed })
    let terminal = try #require(result.securityLevels?.components.first)
    #expect(terminal.requirements.first { $0.id == "EDR 3.10 RE(1)" }?.state == .claimed)
    #expect(!terminal.requirements.contains { $0.state == .supported })
  }

  @Test func everyStatedDefenceRaisesTheLevelAndAFailedTestLowersIt() throws {
    let result = try sample().assess()
    let terminal = try #require(result.securityLevels?.components.first)
    #expect(!terminal.gaps.isEmpty)
    for status in terminal.requirements {
      #expect((status.state == .notJudged) == (status.defenses.isEmpty && status.testRuns.isEmpty))
      #expect((status.state == .open) == !status.missing.isEmpty || status.state == .refuted)
    }
    var raised = terminal
    for index in raised.requirements.indices { raised.requirements[index].state = .supported }
    #expect(
      raised.achieved(withEvidenceOnly: true) == SecurityLevelVector(4) && raised.gaps.isEmpty)
    let place = try #require(raised.requirements.firstIndex { $0.id == "CR 3.5" })
    raised.requirements[place].state = .refuted
    #expect(raised.achieved(withEvidenceOnly: false)[.systemIntegrity] == 0)
    #expect(raised.achieved(withEvidenceOnly: false)[.useControl] == 4)
  }

  @Test func zonesAreAsStrongAsTheirWeakestComponent() throws {
    let result = try sample().assess()
    let zone = try #require(result.securityLevels?.zones.first)
    #expect(zone.zone == "Control zone" && zone.target[.dataConfidentiality] == 1)
    #expect(zone.target.text == "IAC 2, UC 2, SI 2, DC 1, RDF 2, TRE 1, RA 2")
    #expect(zone.components == ["SCADA server"])
    let server = try #require(
      result.securityLevels?.components.first { $0.component == "SCADA server" })
    #expect(zone.achieved == server.achieved(withEvidenceOnly: false))
  }

  @Test(arguments: [
    ("target_level: 2", "target_level: 5", "product.value.wrong"),
    ("{IAC: 2, UC: 2,", "{IAC: 2, XX: 2,", "product.key.unknown"),
    ("drawn: z-control", "drawn: z-nowhere", "product.zone.unknown"),
    ("drawn: f-trend", "drawn: f-nowhere", "product.flow.unknown"),
    ("name: messageAuthentication", "name: messageSigning", "product.defence.unknown"),
    ("evidence: evidence/BL-17.txt", "evidence: /etc/passwd", "product.value.wrong"),
    ("evidence: evidence/BL-17.txt", "evidence: evidence/none.txt", "input.file.missing"),
  ])
  func badStatementsAreLocated(_ old: String, _ new: String, _ code: String) throws {
    var product = try sample()
    product.edit(old, new)
    let failure = #expect(throws: (any Error).self) { _ = try product.assess() }
    let diagnostics =
      (failure as? BadInput)?.diagnostics ?? [failure as? Diagnostic].compactMap(\.self)
    let found = try #require(
      diagnostics.first { $0.code.description == code || "\($0.code)" == code }, "\(diagnostics)")
    #expect(found.location?.line != nil, "\(found)")
  }
}
