import EngineSupport
import Foundation
import ThreatLanguage

/// Sources and helpers of this room's tests.
enum Fixture {
  /// Every construct of the language once.
  static let everything = #"""
    #id: "org.example.everything" // a comment
    #version: "1.2.3"
    #author: "somebody"
    category System
      user info: "parts of a \"system\"\n"
    {
      abstract asset Thing { let up = parents  | start -> stop | stop }
      asset Host extends Thing user info: """say "hi" """ developer info: "x" {
        let kin = up() \/ guests[Host]
        | start @hidden @entry {C, I} [Exponential(0.1) * Bernoulli(0.5) + 2 ^ 3 ^ 0.5]
          user info: "begin"
          +> kin().stop, (guests /\ parents - up()).stop, guests[Host]*.stop
        & action both {A} []
          ! seen.by.log (guests.start g, up().stop) logon [tpr: 0.9, fpr: .1]
          -> stop
        # patched [Bernoulli(0.4)] -> both
        E hasGuests <- guests -> start
        !E alone <- guests, parents[Host] -> stop
        /* a
           comment */
        | E -> stop
      }
      asset Guest extends Thing { # locked [Enabled] # open [Disabled] # plain | start -> stop }
    }
    category Empty {}
    associations {
      Thing [parents] 0..1 <-- Tree --> * [children] Thing
      Host [host] 1 <-- Runs --> 0..* [guests] Thing
        user info: "runs"
    }
    """#

  static func compile(
    _ text: String, name: String = "main.mal", including others: [String: String] = [:]
  ) -> (language: CompiledLanguage?, diagnostics: [Diagnostic]) {
    var diagnostics = Diagnostics()
    let others = others.sorted { $0.key < $1.key }.map {
      InputDocument(name: $0.key, bytes: Array($0.value.utf8))
    }
    let language = CompiledLanguage(
      sources: [InputDocument(name: name, bytes: Array(text.utf8))] + others,
      reportingTo: &diagnostics)
    return (language, diagnostics.all)
  }

  /// `body` as the assets of a language with a header on its first line.
  static func language(_ body: String, associations: String = "") -> String {
    "#id: \"t\" #version: \"1.0.0\" category C {\n\(body)\n}\nassociations {\n\(associations)\n}\n"
  }

  static var corpus: URL? {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let shared =
      ProcessInfo.processInfo.environment["BARTIZAN_SHARED"].map { URL(filePath: $0) }
      ?? root.deletingLastPathComponent().appending(path: "shared")
    let folder = shared.appending(path: "corpus/mal")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }

  /// `file` of the corpus with every other `.mal` beside it, ready to be compiled.
  static func corpusSources(_ file: String) throws -> [InputDocument] {
    guard let corpus else { return [] }
    let main = corpus.appending(path: file)
    let folder = main.deletingLastPathComponent()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let others = names.filter { $0.hasSuffix(".mal") && $0 != main.lastPathComponent }
    return try ([main.lastPathComponent] + others).map {
      InputDocument(name: $0, bytes: Array(try Data(contentsOf: folder.appending(path: $0))))
    }
  }
}
