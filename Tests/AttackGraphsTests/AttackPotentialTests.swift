import AttackGraphs
import EngineSupport
import Foundation
import Testing
import ThreatLanguage

/// Costs of steps: points of attack potential against the knowledge file, reading them, and the other measures.
@Suite struct AttackPotentialTests {
  private static let text =
    "time <=1 week, expertise proficient, knowledge restricted, window easy, equipment standard"

  private static var knowledge: URL {
    let shared =
      ProcessInfo.processInfo.environment["BARTIZAN_SHARED"].map { URL(filePath: $0) }
      ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared")
    return shared.appending(path: "knowledge/attack-potential.json")
  }

  private struct Knowledge: Decodable {
    struct Threshold: Decodable {
      var level: Int
      var mustExceed: Int

      enum CodingKeys: String, CodingKey {
        case level = "sl"
        case mustExceed = "points_must_exceed"
      }
    }
    var factors: [String: [String: Int]]
    var resistance: [Threshold]

    enum CodingKeys: String, CodingKey {
      case factors
      case resistance = "sl_resistance"
    }
  }

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: AttackPotentialTests.knowledge.path),
      "the knowledge folder is not beside the checkout"))
  func pointsAreThoseOfTheKnowledgeFile() throws {
    let file = try JSONDecoder().decode(Knowledge.self, from: Data(contentsOf: Self.knowledge))
    func table<Level: AttackPotential.Level>(_: Level.Type) -> [String: Int] {
      Dictionary(uniqueKeysWithValues: Level.allCases.map { ($0.rawValue, $0.points) })
    }
    #expect(file.factors["elapsed_time"] == table(AttackPotential.ElapsedTime.self))
    #expect(file.factors["expertise"] == table(AttackPotential.Expertise.self))
    #expect(file.factors["knowledge"] == table(AttackPotential.Knowledge.self))
    #expect(file.factors["equipment"] == table(AttackPotential.Equipment.self))
    var window = table(AttackPotential.WindowOfOpportunity.self)
    window["unnecessary/unlimited"] = window.removeValue(forKey: "unlimited")
    #expect(file.factors["window_of_opportunity"] == window)
    for threshold in file.resistance {
      let points = threshold.mustExceed
      #expect(AttackPotential.withstoodSecurityLevel(points: points) < threshold.level)
      #expect(AttackPotential.withstoodSecurityLevel(points: points + 1) >= threshold.level)
    }
    #expect(AttackPotential.withstoodSecurityLevel(points: 1_000) == 3, "SL 4 is not covered")
  }

  @Test func aMetaTextIsReadInAnyOrderAndWrittenBack() throws {
    let read = try AttackPotential(reading: Self.text, at: nil)
    #expect(read.points == 1 + 3 + 3 + 1 + 0 && read.text == Self.text)
    #expect(!read.isConfirmed, "the points of an easy window are unconfirmed")
    let other = try AttackPotential(
      reading: " Equipment multiple  bespoke,window unlimited,\ttime > 6 months,"
        + "knowledge public,expertise Layman ", at: nil)
    #expect(other.elapsedTime == .longer && other.equipment == .multipleBespoke)
    #expect(other.points == 28)
    #expect(try AttackPotential(reading: other.text, at: nil) == other)
    let spaced = Self.text.replacingOccurrences(of: "<=1 week", with: "<= 1  week")
    #expect(try AttackPotential(reading: spaced, at: nil) == read)
  }

  @Test(arguments: [
    ("", "a factor is missing"), ("time <=1 week", "\"expertise\" is missing"),
    (text + ",", "a factor is missing"), (text + ", time <=1 day", "\"time\" is given twice"),
    (text + ", colour red", "\"colour\" is no factor"),
    (
      "time <=1 weak, expertise expert, knowledge public, window easy, equipment standard",
      "\"<=1 weak\" is no level of time"
    ),
    (
      "time, expertise expert, knowledge public, window easy, equipment standard",
      "\"\" is no level of time"
    ),
    (String(repeating: "time ", count: 10_000), "longer than"),
  ])
  func whatIsWrongIsSaidWithAPlaceAndAHint(text: String, message: String) throws {
    let place = SourceLocation(document: "plant.mal", line: 7, column: 3)
    let error = #expect(throws: Diagnostic.self) {
      try AttackPotential(reading: text, at: place)
    }
    let diagnostic = try #require(error)
    #expect(diagnostic.message.contains(message), "\(diagnostic.message)")
    #expect(diagnostic.location == place && diagnostic.hint?.isEmpty == false)
    #expect(diagnostic.code == "attack-potential.malformed")
  }

  @Test func everyCutOfATextIsReadOrRefused() {
    for length in 0..<Self.text.count {
      let cut = String(Self.text.prefix(length))
      #expect(throws: Diagnostic.self) { try AttackPotential(reading: cut, at: nil) }
    }
  }

  @Test func aStepTypeGivesItsOwn() throws {
    func step(_ meta: [MetaText]) -> StepType {
      StepType(
        name: "s", kind: .or, tags: [], ttc: nil, meta: meta, requires: [], leadsTo: [],
        declaredIn: "Thing", location: SourceLocation(document: "plant.mal", line: 4), source: "")
    }
    #expect(try step([]).attackPotential() == nil)
    let texts = [
      MetaText(key: "user", text: "x"), MetaText(key: "attackPotential", text: Self.text),
    ]
    #expect(try step(texts).attackPotential()?.points == 8)
    let error = #expect(throws: Diagnostic.self) {
      try step([MetaText(key: "attackPotential", text: "hard")]).attackPotential()
    }
    #expect(error?.location?.line == 4)
  }

  @Test func aPathHasASumAndACombinedRating() throws {
    let first = try AttackPotential(reading: Self.text, at: nil)
    let second = AttackPotential(
      elapsedTime: .oneWeek, expertise: .layman, knowledge: .sensitive, window: .unlimited,
      equipment: .bespoke)
    let path = AttackPotential.Path(ofDistinctSteps: [first, second])
    #expect(path.pointsSummedOverSteps == 8 + 15)
    // Two weeks together; the harder level of every other factor.
    #expect(
      path.combined
        == AttackPotential(
          elapsedTime: .twoWeeks, expertise: .proficient, knowledge: .sensitive, window: .easy,
          equipment: .bespoke))
    #expect(path.combined?.points == 2 + 3 + 7 + 1 + 7)
    let alone = AttackPotential.Path(ofDistinctSteps: [second])
    #expect(alone.combined == second && alone.pointsSummedOverSteps == second.points)
    let nothing = AttackPotential.Path(ofDistinctSteps: [])
    #expect(nothing.combined == nil && nothing.pointsSummedOverSteps == 0)
  }

  @Test func elapsedTimesAreAddedInDays() {
    func path(_ times: [AttackPotential.ElapsedTime]) -> AttackPotential.ElapsedTime? {
      AttackPotential.Path(
        ofDistinctSteps: times.map {
          AttackPotential(
            elapsedTime: $0, expertise: .layman, knowledge: .public, window: .unlimited,
            equipment: .standard)
        }
      ).combined?.elapsedTime
    }
    #expect(path([.oneDay, .oneDay]) == .oneWeek)
    #expect(path([.oneMonth, .twoMonths]) == .threeMonths)
    #expect(path([.sixMonths, .oneDay]) == .longer)
    #expect(path([.longer, .oneDay]) == .longer && path([.oneDay, .longer]) == .longer)
    for level in AttackPotential.ElapsedTime.allCases { #expect(path([level]) == level) }
  }

  @Test func costsOfStepsAddUpAndImpossibleStepsHaveNone() {
    #expect(StepCost.negativeLogProbability.cost(of: 1) == 0)
    #expect(abs((StepCost.negativeLogProbability.cost(of: 0.5) ?? 0) - 0.6931471805599453) < 1e-15)
    #expect(StepCost.negativeLogProbability.cost(of: 1.5) == 0)
    for measure in StepCost.allCases {
      #expect(measure.cost(of: .nan) == nil && !measure.unit.isEmpty)
    }
    #expect(StepCost.negativeLogProbability.cost(of: 0) == nil)
    #expect(StepCost.expectedEffort.cost(of: 3.5) == 3.5)
    #expect(StepCost.expectedEffort.cost(of: .infinity) == nil)
    #expect(StepCost.attackPotentialPoints.cost(of: 8) == 8)
  }
}
