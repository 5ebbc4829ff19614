import ArgumentParser
import AssessmentPipeline
import EngineSupport
import Foundation
import ThreatKnowledge

/// A lock file read from disk, and the knowledge that it pins.
struct LockInput: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take imported catalogues from what this lock file pins.", valueName: "LOCK.yaml"))
  var lock: String?

  /// The bundled catalogues, with those that the lock file pins in their places.
  func knowledge() throws -> KnowledgeBase {
    guard let lock else { return KnowledgeBase.bundled }
    let file = try Self.read(lock)
    let folder = URL(fileURLWithPath: lock).deletingLastPathComponent()
    var documents: [String: InputDocument] = [:]
    for reference in file.references where documents[reference.path] == nil {
      documents[reference.path] = try FileAccess.read(
        folder.appendingPathComponent(reference.path).path, as: reference.path,
        limit: ProductLimits.file, namedAt: reference.location)
    }
    var diagnostics = Diagnostics()
    let knowledge: KnowledgeBase
    do throws(Diagnostic) {
      knowledge = try file.knowledge(from: documents, reportingTo: &diagnostics)
    } catch {
      throw BadInput(diagnostics.all + [error])
    }
    Terminal.show(diagnostics.all)
    return knowledge
  }

  static func read(_ path: String) throws -> KnowledgeLock {
    let document = try FileAccess.read(
      path, as: URL(fileURLWithPath: path).lastPathComponent, limit: ProductLimits.product)
    var diagnostics = Diagnostics()
    let lock: KnowledgeLock
    do throws(Diagnostic) {
      lock = try KnowledgeLock(reading: document, reportingTo: &diagnostics)
    } catch {
      throw BadInput(diagnostics.all + [error])
    }
    if diagnostics.hasErrors { throw BadInput(diagnostics.all) }
    return lock
  }
}
