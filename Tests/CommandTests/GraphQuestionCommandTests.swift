import Foundation
import Testing

/// `bartizan graph paths`, `times` and `harden`, and `bartizan instance`, from the outside.
@Suite(.serialized) struct GraphQuestionCommandTests {
  private static let sample = ["--product", CommandRun.sample]
  private static let language = """
    #id: "org.example.shop" #version: "1.0.0"
    category Shop {
      asset Host {
        | enter [Exponential(0.5)] -> disks.read
        | guess [Bernoulli(0.25)] -> disks.read
        # closed -> enter
      }
      asset Disk { & read | seize [Exponential(1.0)] -> read }
    }
    associations { Host [hosts] * <-- Has --> * [disks] Disk }
    """
  private static let model = """
    {"metadata": {"name": "shop", "langID": "org.example.shop", "langVersion": "1.0.0"},
     "assets": {"1": {"name": "pc", "type": "Host", "associated_assets": {"disks": {"2": "d"}},
                      "extras": {"position": {"x": 1.5, "y": 2}}},
                "2": {"name": "d", "type": "Disk", "associated_assets": {"hosts": {"1": "pc"}}}}}
    """

  private func inShop(_ work: (URL) throws -> Void) throws {
    try CommandRun.inFolder { folder in
      for (text, name) in [(Self.language, "shop.mal"), (Self.model, "shop.json")] {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
      }
      try work(folder)
    }
  }

  private static let asked = [
    "--language", "shop.mal", "--model", "shop.json", "--entry", "pc:enter", "--entry", "pc:guess",
    "--entry", "d:seize",
  ]

  @Test func pathsSayWhichNumberOrdersThem() throws {
    try CommandRun.inFolder { folder in
      let run = try CommandRun(
        ["graph", "paths", "unsafe-set-point", "--count", "2"] + Self.sample, in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("reachable by network alone and by sensor alone"))
      #expect(run.output.contains("listed by cost of the distinct steps"), "\(run.output)")
      #expect(run.output.contains("proven\n  2 listed; complete up to "), "\(run.output)")
      #expect(run.output.contains("drawn at handheld-terminal.drawio:"))
      let trees = try CommandRun(
        ["graph", "paths", "unsafe-set-point", "--order", "tree", "--cost", "effort"] + Self.sample,
        in: folder)
      #expect(trees.output.contains("listed by tree cost"), "\(trees.output)")
      let wrong = try CommandRun(["graph", "paths", "unsafe"] + Self.sample, in: folder)
      #expect(wrong.status == 2 && wrong.errors.contains("graph.step.unknown"))
    }
  }

  @Test func timesAreTheSameOnAnyNumberOfThreads() throws {
    try inShop { folder in
      let asked = ["graph", "times", "d:read", "--samples", "2000"] + Self.asked
      let alone = try CommandRun(asked + ["--jobs", "1"], in: folder)
      let together = try CommandRun(asked + ["--jobs", "3"], in: folder)
      #expect(alone.status == 0, "\(alone.errors)")
      #expect(alone.output == together.output && alone.output.contains("2000 games"))
      let other = try CommandRun(asked + ["--seed", "2"], in: folder)
      #expect(other.output.contains("d:read: 2000 games"))
      let means = try CommandRun(asked + ["--mode", "means"], in: folder)
      #expect(means.output == "d:read: reached after 0.00 days of means\n", "\(means.output)")
      let wrong = try CommandRun(asked + ["--mode", "guess"], in: folder)
      #expect(wrong.status == 2 && wrong.errors.contains("--mode"))
    }
  }

  @Test func hardeningCountsCosts() throws {
    try CommandRun.inFolder { folder in
      let filter = ["--cost", "Historian → SCADA server:trafficFiltering=3"]
      let run = try CommandRun(
        ["graph", "harden", "loss-of-control", "--budget", "1"] + filter + Self.sample, in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("cost 2, proven cheapest"), "\(run.output)")
      #expect(run.output.contains("with 1:\n  cost 0: nothing; still reached: loss-of-control"))
      let dear = try CommandRun(
        ["graph", "harden", "loss-of-control", "--cost", "Historian:patched=3", "--count", "100"]
          + filter
          + Self.sample, in: folder)
      #expect(dear.output.contains("cost 2, proven cheapest"), "\(dear.output)")
      #expect(dear.output.contains("Historian:patched (cost 3)"), "\(dear.output)")
      let wrong = try CommandRun(
        ["graph", "harden", "--cost", "Historian:patched=0"] + Self.sample, in: folder)
      #expect(wrong.status == 2 && wrong.errors.contains("harden.cost.malformed"))
    }
  }

  @Test func goalsMustBeNamedForModels() throws {
    try inShop { folder in
      let run = try CommandRun(["graph", "harden"] + Self.asked, in: folder)
      #expect(run.status == 2 && run.errors.contains("graph.goal.missing"), "\(run.errors)")
    }
  }

  @Test func modelsAreConvertedThereAndBack() throws {
    try inShop { folder in
      let there = try CommandRun(
        "instance", "convert", "shop.json", "--language", "shop.mal", "--output", "shop.yml",
        in: folder)
      #expect(there.status == 0, "\(there.errors)")
      let back = try CommandRun(
        "instance", "convert", "shop.yml", "--language", "shop.mal", "--output", "again.json",
        in: folder)
      #expect(back.status == 0 && back.output.contains("2 assets, 1 links"), "\(back.errors)")
      let third = try CommandRun(
        "instance", "convert", "again.json", "--language", "shop.mal", "--output", "again.yml",
        in: folder)
      #expect(third.status == 0)
      let first = try Data(contentsOf: folder.appendingPathComponent("shop.yml"))
      #expect(try Data(contentsOf: folder.appendingPathComponent("again.yml")) == first)
      #expect(String(decoding: first, as: UTF8.self).contains("x: 1.5"), "extras are kept")
      let check = try CommandRun(
        "instance", "check", "again.yml", "--language", "shop.mal", in: folder)
      #expect(check.output.contains("2 assets, 1 links, 0 attackers"), "\(check.errors)")
      let name = try CommandRun(
        "instance", "convert", "shop.json", "--language", "shop.mal", "--output", "x.txt",
        in: folder)
      #expect(name.status == 2 && name.errors.contains(".yml"))
    }
  }
}
