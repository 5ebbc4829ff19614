import ArgumentParser
import AssessmentPipeline
import EngineSupport
import Foundation
import Provenance
import ThreatKnowledge

/// `bartizan knowledge import`: checks a release of a catalogue and pins it in a lock file.
struct KnowledgeImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Check a published catalogue and pin its bytes in a product's lock file.",
    discussion: """
      FILE is a STIX 2.1 bundle of MITRE ATT&CK (a release of attack-stix-data), ATLAS.yaml of MITRE ATLAS, or a
      catalogue in this program's own JSON. It is not copied: the lock file names it, relative to itself, with its
      SHA-256. `bartizan assess` reads the lock file that stands beside the product file under its name
      (bartizan.lock.yaml beside bartizan.yaml) and refuses a pinned file that is gone or changed.

      EXAMPLES
        bartizan knowledge import catalogues/ics-attack-18.1.json --lock bartizan.lock.yaml
        bartizan knowledge import catalogues/ATLAS.yaml
      """)

  @Argument(help: ArgumentHelp("The file to import.", valueName: "FILE"))
  var path: String

  @Option(help: ArgumentHelp("Lock file to write or to add to.", valueName: "LOCK.yaml"))
  var lock = "bartizan.lock.yaml"

  func run() throws {
    try Terminal.reportingFailures {
      let file = try FileAccess.read(
        path, as: URL(fileURLWithPath: path).lastPathComponent, limit: ProductLimits.file)
      let catalogue = try catalogue(in: file)
      var locked =
        FileManager.default.fileExists(atPath: lock)
        ? try LockInput.read(lock)
        : KnowledgeLock(emptyNamed: URL(fileURLWithPath: lock).lastPathComponent)
      try locked.pin(catalogue, from: Self.path(to: path, fromFolderOf: lock))
      try FileAccess.write(locked.document.bytes, to: lock)
      Terminal.say(
        "\(catalogue.id) \(catalogue.version): \(catalogue.entries.count) entries, "
          + "\(catalogue.digest.hexadecimal)")
      if let change = Self.change(to: catalogue) { Terminal.say(change) }
      Terminal.say("pinned in \(lock)")
    }
  }

  private func catalogue(in file: InputDocument) throws -> KnowledgeCatalogue {
    var diagnostics = Diagnostics()
    do throws(Diagnostic) {
      let catalogue = try CatalogueImporters.catalogue(
        in: file, digest: ContentDigest(of: file.bytes), reportingTo: &diagnostics)
      Terminal.show(diagnostics.all)
      return catalogue
    } catch {
      throw BadInput(diagnostics.all + [error])
    }
  }

  /// What differs from the bundled catalogue of the same id, in entries of the kinds that it has.
  private static func change(to catalogue: KnowledgeCatalogue) -> String? {
    guard let bundled = KnowledgeBase.bundled.catalogue(catalogue.id) else { return nil }
    let kinds = Set(bundled.entries.map(\.kind))
    let current = catalogue.entries.filter {
      kinds.contains($0.kind) && !$0.flags.contains(.deprecated) && !$0.flags.contains(.revoked)
    }
    let ids = Set(current.map(\.id))
    let renamed = current.count { entry in
      bundled.entry(entry.id).map { $0.name != entry.name } ?? false
    }
    return "against the bundled \(bundled.version): "
      + "\(current.count { bundled.entry($0.id) == nil }) new, "
      + "\(bundled.entries.count { !ids.contains($0.id) }) gone or withdrawn, \(renamed) renamed"
  }

  /// The path to a file as a lock file names it: relative to the lock file, with `/`.
  static func path(to file: String, fromFolderOf lock: String) -> String {
    let target = URL(fileURLWithPath: file).standardizedFileURL.pathComponents
    let base = URL(fileURLWithPath: lock).standardizedFileURL.deletingLastPathComponent()
      .pathComponents
    var shared = 0
    while shared < base.count, shared < target.count - 1, base[shared] == target[shared] {
      shared += 1
    }
    return
      (Array(repeating: "..", count: base.count - shared) + target[shared...])
      .joined(separator: "/")
  }
}
