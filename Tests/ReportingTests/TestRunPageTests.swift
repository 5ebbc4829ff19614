import EngineSupport
import TensorCore
import Testing

@testable import AdversarialTesting
@testable import ModelTesting
@testable import Reporting

/// The page of a test run: the same bytes twice, hostile text that stays text, pictures that say what tables say.
@Suite struct TestRunPageTests {
  private func page(_ input: Fixture.Input = .image, label: String = "Part") throws -> String {
    let files = try Fixture(label: label, input: input).report().files()
    let page = try #require(files.first { $0.name == TestRunReport.page })
    return try #require(String(validating: page.bytes, as: UTF8.self))
  }

  @Test func filesAreTheFourOfTheManual() throws {
    let first = try Fixture().report().files()
    #expect(try Fixture().report().files() == first)
    #expect(
      first.map(\.name) == [
        "report.html", "test-result.json", "plan.json", "samples/sensor.jsonl",
        "samples/network.jsonl",
      ])
  }

  @Test func streamsStandOnThePageAndInRecordsOfTheirOwn() throws {
    let files = try Fixture(input: .signal).report().files()
    #expect(
      files.map(\.name).suffix(2) == [
        "samples/streams-sensor.jsonl", "samples/streams-sensor-causal.jsonl",
      ])
    let page = try page(.signal)
    #expect(page.contains("Success of an attacker who cannot foresee"))
    #expect(page.contains("streams/sensor") && page.contains("a quiet stream raises a false alarm"))
    #expect(page.contains("mean absolute 0.125"))
    #expect(try !self.page(.image).contains("cannot foresee"))
    let summary = try Fixture(input: .signal).report().summary
    #expect(summary.contains { $0.contains(", streams: at 2") && $0.contains("without foresight") })
    #expect(summary.contains { $0.hasPrefix("smoothed with 0.5") })
    #expect(summary.contains { $0.hasPrefix("property \"") && $0.contains("refuted") })
    #expect(summary[0].hasPrefix("clean samples: mean absolute"))
  }

  @Test(arguments: Fixture.Input.allCases, ["Part"] + ReporterContractTests.hostileLabels)
  func hostileTextStaysText(input: Fixture.Input, label: String) throws {
    let inspector = try PageInspector.check(page(input, label: label))
    #expect(inspector.unnamedPictures == 0)
  }

  @Test(arguments: Fixture.Input.allCases)
  func everyPictureHasATitleAndADescription(input: Fixture.Input) throws {
    let inspector = try PageInspector.check(page(input))
    // Sensor and noise and network plots, faults, corruptions, brackets, and examples.
    #expect(inspector.pictures >= 8, "\(inspector.pictures)")
    #expect(inspector.unnamedPictures == 0)
  }

  @Test func figuresOfPicturesStandInTables() throws {
    let run = try Fixture().run()
    let page = try page()
    for row in run.faults + run.corruptions {
      let cell = SurvivalPicture.text(of: row)
      #expect(page.contains(">\(cell)</text>"))
      #expect(page.contains(">\(cell)\u{A0}% (\(row.kept) of \(row.trials))"))
    }
    let brackets = try #require(run.brackets)
    for bracket in brackets.summary.brackets {
      #expect(page.contains(">\(BracketPicture.text(of: bracket))</text>"))
      #expect(page.contains(">\(BracketPart.distance(bracket.certified))</td>"))
      #expect(page.contains(">row \(bracket.index)</text>"))
    }
    for row in brackets.summary.rows {
      #expect(page.contains(">\(Typography.unbroken(row.text))</td>"))
    }
  }

  @Test func aBrokenVerdictSaysFromWhichBudgetOn() throws {
    let page = try page()
    #expect(page.contains(">broken, from 1 Part grey on</td>"))
    #expect(page.contains("the smallest at which a sample broke is 1 Part grey."))
  }

  @Test func certificatesStandInPicturesAndTables() throws {
    let page = try page(.snapshot)
    let fault = ShownFaultCertificate(
      try #require(try Fixture().run().faultCertificates.first), of: Fixture().plan)
    #expect(fault.family == "offset ±0.5 Part grey, gain 0 to 12.5 %, from instant 1 on")
    #expect(
      fault.headline.hasPrefix(
        "1 of 4 proved, 2 refuted, 1 open; between 25.0 % and 50.0 % keep their answer"))
    #expect(page.contains("offset 0.25 Part grey, gain 6.25\u{A0}%"))
    for id in ["fault-proofs-1-1-title", "smoothing-1-title"] {
      #expect(page.contains("id=\"\(id)\""), "\(id)")
    }
    #expect(page.contains("Part channel 0 1 → 2 Part grey"))
    #expect(page.contains("outputs 0, 3 → 0, 2.5"))
    #expect(page.contains(">37.5\u{A0}% of the boxes are open</td>"))
    #expect(page.contains(">abstains</td>") && page.contains("1 abstention."))
    #expect(page.contains(">1 of 3</td>"))
  }

  @Test func budgetsAreShownWithAndWithoutTheLaws() throws {
    let page = try page()
    #expect(page.contains("Success without the laws of the input"))
    #expect(page.contains(">75.0\u{A0}% (3 of 4)<"))
    #expect(page.contains("attack, sensor front, without the laws of the input: n = 4"))
    #expect(!page.contains("attack, network front, without the laws"))
    #expect(page.contains("What was tried one by one at 2 Part grey, sensor"))
    #expect(!page.contains("What was tried one by one at 8"))
  }

  @Test func acceptanceIsSaidInWords() throws {
    var run = try Fixture().run()
    let outcomes: [(AttackerResult.Acceptance, String)] = [
      (.accepted, "lies at or below the largest success rate that the plan accepts, 12.5 %"),
      (.rejected, "lies above the largest success rate"), (.undecided, "More samples would decide"),
    ]
    for (outcome, words) in outcomes {
      run.attackers[0].acceptance = outcome
      let text = words.description
      #expect(
        Self.text(CampaignPart(campaign: ShownCampaign(run.attackers[0])).render()).contains(
          Typography.unbroken(text)))
    }
    run.attackers[0].result.verdict = .inconclusive
    #expect(
      Self.text(CampaignPart(campaign: ShownCampaign(run.attackers[0])).render())
        .contains("A sound campaign is needed"))
  }

  @Test func unitsNeverShareAnAxis() throws {
    let run = try Fixture().run()
    let plots = RobustnessPlot.all(of: ShownCampaign.all(of: run), model: "m", id: "p")
    // Grey levels of the sensor; multiples of the noise for network and noise.
    #expect(plots.map { $0.campaigns.map(\.id) } == [["sensor"], ["network", "noise"]])
    #expect(plots.map(\.id) == ["p", "p-2"])
  }

  @Test func aLongListIsSplitOverPictures() throws {
    var run = try Fixture().run()
    run.faults = (0..<41).map { index in
      SurvivalRow(
        disturbance: "fault \(index)", place: "", severity: 1, meaning: "m", trials: 2, kept: 1,
        missed: 0, falseAlarms: 0)
    }
    let text = Self.text(SurvivalPart.faults(of: run).render(id: "f"))
    #expect(text.contains("id=\"f-title\"") && text.contains("id=\"f-2-title\""))
    #expect(text.contains("41 to 41 of 41") && !text.contains("id=\"f-3-title\""))
  }

  @Test func rowsAreJoinedToRanges() {
    #expect(PlanPart.ranges([]) == "")
    #expect(PlanPart.ranges([0, 1, 2, 5, 7, 8]) == "0–2, 5, 7–8")
    #expect(PlanPart.ranges([Int.max - 1, Int.max]).hasSuffix("\(Int.max)"))
    #expect(PlanPart.ranges((0..<30).map { 2 * $0 }).hasSuffix("46 and 6 more"))
  }

  @Test func dataOfARunNameItsRowsAndItsVerdict() throws {
    let run = try #require(try Fixture().report().value["run"])
    #expect(run["rows"]?.elements?.compactMap(\.integer) == [0, 1, 2])
    let sensor = try #require(run["attackers"]?.elements?.first)
    #expect(sensor["acceptance"]?.string == "undecided")
    #expect(sensor["acceptableRate"]?.string == "0.125")
    #expect(sensor["campaigns"]?.elements?.count == 2)
    #expect(run["brackets"]?["samples"]?.elements?.count == 3)
    let fault = try #require(run["faultCertificates"]?.elements?.first)
    #expect(fault["refuted"]?.integer == 2 && fault["samples"]?.elements?.count == 5)
    #expect(
      run["properties"]?.elements?.compactMap { $0["verdict"]?.string }
        == ["refuted", "proved", "unknown", "unknown"])
    #expect(run["smoothing"]?.elements?.first?["radii"]?.elements?.count == 3)
  }

  static func text(_ parts: [Markup]) -> String {
    var bytes: [UInt8] = []
    for part in parts { part.write(to: &bytes) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
