import EngineSupport
import Foundation
import Testing
import ThreatKnowledge
import ThreatLanguage

/// Traps of MAL that a compiler does not see, and the promises of the language's own conventions.
@Suite struct LanguageShapeTests {
  private static let folder = SharedKnowledge.root
    .appending(path: "Sources/ThreatKnowledge/Industrial")

  /// Leads of a step that stay on its own asset.
  private func ownTargets(_ step: StepType) -> [String] {
    step.leadsTo.compactMap { lead in
      if case .step(let name) = lead.expression { name } else { nil }
    }
  }

  /// An `&` step whose attackers' steps all lie on other assets is reached by nobody's doing where those
  /// assets are not drawn: only its defences would be left to wait for. Without defences it is never reached.
  @Test func andStepsWaitForAStepOfTheirOwnAsset() throws {
    for type in try IndustrialLanguageTests.language().assetTypes {
      let led = Set(type.steps.filter { $0.kind != .defense }.flatMap(ownTargets))
      let defended = Set(type.steps.filter { $0.kind == .defense }.flatMap(ownTargets))
      for step in type.steps where step.kind == .and {
        #expect(
          led.contains(step.name) || !defended.contains(step.name), "\(type.name).\(step.name)")
      }
    }
  }

  /// An `&` step waits for all that leads to it, so a second way in would close the first.
  @Test func andStepsWaitForOneStepUnlessTwoAreMeant() throws {
    let meant: Set<String> = [
      "acceptMisled", "bootWithStolenKey", "changeAlarms", "changeParameters", "driftPastMonitor",
      "exchangeWithStolenKey", "fireTrigger", "forceOutputs", "installWithStolenKey",
      "placePattern",
      "submitCrafted",
      "useKnownFlaw", "useKnownLogin",
    ]
    var seen: Set<String> = []
    for type in try IndustrialLanguageTests.language().assetTypes {
      for step in type.steps where step.kind == .and {
        let leading = type.steps.filter {
          $0.kind != .defense && ownTargets($0).contains(step.name)
        }
        if leading.count > 1 {
          #expect(meant.contains(step.name), "\(type.name).\(step.name): \(leading.map(\.name))")
          seen.insert(step.name)
        }
      }
    }
    #expect(seen == meant)
  }

  /// For the same reason a lead from another asset ends at an `|` step, unless all who lead there are meant.
  @Test func leadsFromOtherAssetsEndAtOrSteps() throws {
    let language = try IndustrialLanguageTests.language()
    let andSteps = Set(
      language.assetTypes.flatMap { $0.steps.filter { $0.kind == .and }.map(\.name) })
    let ends = language.assetTypes.flatMap { type in
      type.steps.flatMap { step in step.leadsTo.compactMap { end(of: $0.expression) } }
    }
    #expect(andSteps.intersection(ends) == ["allReferencesFalse", "lossOfSafety"])
  }

  /// The step at the end of a walk to other assets; `nil` for a step of the same asset.
  private func end(of expression: StepExpression) -> String? {
    guard case .collect(_, let rest) = expression else { return nil }
    if case .step(let name) = rest { return name }
    return end(of: rest)
  }

  /// A defence that blocks an `|` step, or nothing, is decoration.
  @Test func everyDefenceBlocksAStepOfItsAsset() throws {
    for type in try IndustrialLanguageTests.language().assetTypes {
      for step in type.steps where step.kind == .defense {
        let targets = step.leadsTo.map(\.expression)
        #expect(!targets.isEmpty, "\(type.name).\(step.name)")
        for target in ownTargets(step) {
          #expect(
            type.step(named: target)?.kind == .and, "\(type.name).\(step.name) leads to \(target)")
        }
        #expect(ownTargets(step).count == targets.count, "\(type.name).\(step.name)")
      }
    }
  }

  @Test func everyDefenceSaysWhatIsAssumedWhileNobodyKnows() throws {
    for type in try IndustrialLanguageTests.language().assetTypes {
      for step in type.steps where step.kind == .defense {
        #expect(step.ttc != nil, "\(type.name).\(step.name)")
        #expect(step.meta.contains { $0.key == "basis" }, "\(type.name).\(step.name)")
      }
    }
  }

  /// A step that is declared again keeps its sentence and leads, but not its time.
  @Test func timesAreNotLostByDeclaringAStepAgain() throws {
    let language = try IndustrialLanguageTests.language()
    for type in language.assetTypes {
      guard let above = type.superType.flatMap(language.assetType(named:)) else { continue }
      for step in type.steps where step.declaredIn == type.name {
        guard above.step(named: step.name)?.ttc != nil else { continue }
        #expect(step.ttc != nil, "\(type.name).\(step.name)")
      }
    }
  }

  @Test func protocolsSayWhatTheyProtect() throws {
    let language = try IndustrialLanguageTests.language()
    let carriers: Set<String> = [
      "DataFlow", "NetworkFlow", "BusFlow", "RadioFlow", "ReferenceFlow",
    ]
    let flows = language.assetTypes.filter { language.isType($0.name, kindOf: "DataFlow") }
    #expect(flows.count == 33)
    for flow in flows where !carriers.contains(flow.name) {
      for key in ["authentication", "integrity", "encryption"] {
        #expect(flow.meta.contains { $0.key == key && !$0.text.isEmpty }, "\(flow.name): \(key)")
      }
    }
    func inPlace(_ flow: String, _ defense: String) -> TTCExpression? {
      language.assetType(named: flow)?.step(named: defense)?.ttc
    }
    #expect(inPlace("ModbusFlow", "messageAuthentication") == .distribution("Disabled", []))
    #expect(inPlace("HttpsFlow", "encryption") == .distribution("Bernoulli", [0.8]))
    #expect(inPlace("AnalogFlow", "trafficFiltering") == .distribution("Enabled", []))
  }

  @Test func theBundleHoldsEveryFileOfTheFolder() throws {
    let files = try #require(
      FileManager.default.enumerator(atPath: Self.folder.path)?.allObjects as? [String])
    let expected = files.filter { $0.hasSuffix(".mal") }.map { "Industrial/\($0)" }
    let sources = IndustrialLanguage.sources
    #expect(Set(sources.map(\.name)) == Set(expected))
    #expect(Set(sources.map(\.name)).count == sources.count)
    for source in sources {
      let file = Self.folder.deletingLastPathComponent().appending(path: source.name)
      #expect(try [UInt8](Data(contentsOf: file)) == source.bytes, "\(source.name)")
    }
  }

  @Test func theReadMeListsEveryAssetAndAssociation() throws {
    let text = try String(
      contentsOf: Self.folder.appending(path: "README.md"), encoding: .utf8)
    let words = Set(text.split { !$0.isLetter && !$0.isNumber }.map(String.init))
    let language = try IndustrialLanguageTests.language()
    for type in language.assetTypes { #expect(words.contains(type.name), "\(type.name)") }
    for association in language.associations {
      #expect(words.contains(association.name), "\(association.name)")
    }
    for type in language.assetTypes {
      for step in type.steps
      where step.declaredIn == type.name
        && (step.tags.contains("entry") || step.tags.contains("consequence"))
      {
        #expect(words.contains(step.name), "\(type.name).\(step.name)")
      }
    }
  }
}
