import CLibArchive
import EngineSupport

/// The members of a zip archive in memory, through libarchive: stored and deflated ones only, counted
/// against limits while they are inflated.
///
/// Only the reader that starts from the central directory is switched on: the streaming one would
/// take a truncated archive for a shorter whole one.
@safe struct ZipMembers: ~Copyable {
  private let handle: OpaquePointer
  private let document: String

  private init(document: String) throws(Diagnostic) {
    guard let handle = unsafe archive_read_new() else {
      throw Diagnostic(
        "numpy.archive.malformed", "no memory to read the archive",
        at: SourceLocation(document: document))
    }
    unsafe self.handle = handle
    self.document = document
  }

  deinit { _ = unsafe archive_read_free(handle) }

  /// Calls `body` with each member's name and inflated bytes, in the order of the archive.
  static func read(
    _ document: InputDocument, limits: NumPyArchive.Limits,
    _ body: (String, [UInt8]) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    let members = try ZipMembers(document: document.name)
    try unsafe document.bytes.span.withUnsafeBufferPointer { (bytes) throws(Diagnostic) in
      _ = unsafe archive_read_support_format_zip_seekable(members.handle)
      // A null base address is what an empty document has; libarchive calls it unrecognized.
      let opened = unsafe archive_read_open_memory(members.handle, bytes.baseAddress, bytes.count)
      guard opened == ARCHIVE_OK else { throw members.malformed(nil) }
      try members.readAll(limits: limits, body)
    }
  }

  private func readAll(
    limits: NumPyArchive.Limits, _ body: (String, [UInt8]) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    var total = 0
    var count = 0
    while let member = try next() {
      count += 1
      guard count <= limits.memberCount else {
        throw exceeded("more than \(limits.memberCount) members", member.name)
      }
      let allowance = min(limits.memberBytes, limits.totalBytes - total)
      guard member.declaredSize <= allowance else {
        throw exceeded(
          "\(member.declaredSize) bytes once inflated; \(allowance) are left", member.name)
      }
      let bytes = try inflate(member.name, declaredSize: member.declaredSize, allowance: allowance)
      total += bytes.count
      try body(member.name, bytes)
    }
  }

  private func next() throws(Diagnostic) -> (name: String, declaredSize: Int)? {
    var entry: OpaquePointer?
    let status = unsafe archive_read_next_header(handle, &entry)
    if status == ARCHIVE_EOF { return nil }
    guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry = unsafe entry else {
      throw malformed(nil)
    }
    // libarchive converts names to the process's locale. Only ASCII reads the same in all of them.
    guard let text = unsafe archive_entry_pathname(entry),
      let name = unsafe String(validatingCString: text), name.utf8.allSatisfy({ $0 < 0x80 })
    else { throw failure("a member's name is not plain ASCII", nil) }
    guard status == ARCHIVE_OK else { throw malformed(name) }
    // mode_t's file type bits: a regular file is 0o100000 on every platform libarchive knows.
    guard unsafe archive_entry_filetype(entry) == 0o100000 else {
      throw failure("the member is not a plain file", name)
    }
    guard unsafe archive_entry_is_encrypted(entry) == 0 else {
      throw failure("the member is encrypted", name)
    }
    // libarchive names the method only inside the format's name, such as "ZIP 2.0 (deflation)".
    let format = unsafe archive_format_name(handle).map { unsafe String(cString: $0) } ?? ""
    guard format.hasSuffix("(uncompressed)") || format.hasSuffix("(deflation)") else {
      throw failure("the member is neither stored nor deflated: \(format)", name)
    }
    guard let size = Int(exactly: unsafe archive_entry_size(entry)), size >= 0 else {
      throw failure("the member's size is not a size", name)
    }
    return (name, size)
  }

  /// Grows with what is really there: a declared size is a promise of the sender.
  private func inflate(
    _ member: String, declaredSize: Int, allowance: Int
  ) throws(Diagnostic) -> [UInt8] {
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    result.reserveCapacity(min(declaredSize, 1 << 20))
    while true {
      let read = unsafe chunk.withUnsafeMutableBytes {
        unsafe archive_read_data(handle, $0.baseAddress, $0.count)
      }
      guard read >= 0 else { throw malformed(member) }
      if read == 0 { return result }
      guard result.count + read <= allowance else {
        throw exceeded("more than \(allowance) bytes once inflated", member)
      }
      result.append(contentsOf: chunk[..<read])
    }
  }

  private func malformed(_ member: String?) -> Diagnostic {
    let reason = unsafe archive_error_string(handle).map { unsafe String(cString: $0) }
    return failure("not a readable zip archive: \(reason ?? "no reason given")", member)
  }

  private func failure(_ message: String, _ member: String?) -> Diagnostic {
    Diagnostic(
      "numpy.archive.malformed", message, at: SourceLocation(document: document, path: member))
  }

  private func exceeded(_ message: String, _ member: String) -> Diagnostic {
    Diagnostic(
      "numpy.archive.limit", message, at: SourceLocation(document: document, path: member),
      hint: "raise the limits if this archive is meant to be that large")
  }
}
