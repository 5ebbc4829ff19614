import AssessmentPipeline
import EngineSupport
import Foundation

/// A product file with everything it names, read from disk.
struct ProductInput {
  let product: ProductFile
  let document: InputDocument
  /// By path, as the product file gives it.
  let documents: [String: InputDocument]
  /// The lock file beside the product file, if there is one.
  let lock: KnowledgeLock?

  init(path: String) throws {
    let url = URL(fileURLWithPath: path)
    document = try FileAccess.read(path, as: url.lastPathComponent, limit: ProductLimits.product)
    var diagnostics = Diagnostics()
    do throws(Diagnostic) {
      product = try ProductFile(reading: document, reportingTo: &diagnostics)
    } catch {
      throw BadInput(diagnostics.all + [error])
    }
    if diagnostics.hasErrors { throw BadInput(diagnostics.all) }
    let folder = url.deletingLastPathComponent()
    let lockFile = folder.appendingPathComponent(
      KnowledgeLock.fileName(beside: url.lastPathComponent))
    lock =
      FileManager.default.fileExists(atPath: lockFile.path)
      ? try LockInput.read(lockFile.path) : nil
    documents = try product.documents(pinnedBy: lock) { reference in
      try FileAccess.read(
        folder.appendingPathComponent(reference.path).path, as: reference.path,
        limit: ProductLimits.file, namedAt: reference.location)
    }
  }

  func assessment(_ options: AssessmentOptions = AssessmentOptions()) -> Assessment {
    Assessment(of: product, from: document, documents: documents, lock: lock, options: options)
  }
}

/// How much is read at most, in bytes.
enum ProductLimits {
  static let product = 1 << 20
  static let file = 1 << 29
}
