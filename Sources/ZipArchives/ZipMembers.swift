import CLibArchive
package import EngineSupport

/// The members of a zip archive in memory, through libarchive: stored and deflated ones only, counted
/// against limits while they are inflated.
///
/// Only the reader that starts from the central directory is switched on: the streaming one would
/// take a truncated archive for a shorter whole one.
@safe package struct ZipMembers: ~Copyable {
  private let handle: OpaquePointer
  private let document: String
  private let code: String

  private init(document: String, code: String) throws(Diagnostic) {
    guard let handle = unsafe archive_read_new() else {
      throw Diagnostic(
        Diagnostic.Code(code + ".malformed"), "no memory to read the archive",
        at: SourceLocation(document: document))
    }
    unsafe self.handle = handle
    self.document = document
    self.code = code
  }

  deinit { _ = unsafe archive_read_free(handle) }

  /// Calls `body` with each wanted member's name and inflated bytes, in the order of the archive.
  ///
  /// What is not wanted is counted but neither inflated nor looked at. Throws `code`.malformed and
  /// `code`.limit with the member's name as the path.
  package static func read(
    _ document: InputDocument, limits: ZipLimits, code: String,
    where isWanted: (String) -> Bool = { _ in true },
    _ body: (String, [UInt8]) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    let members = try ZipMembers(document: document.name, code: code)
    try unsafe document.bytes.span.withUnsafeBufferPointer { (bytes) throws(Diagnostic) in
      _ = unsafe archive_read_support_format_zip_seekable(members.handle)
      // A null base address is what an empty document has; libarchive calls it unrecognized.
      let opened = unsafe archive_read_open_memory(members.handle, bytes.baseAddress, bytes.count)
      guard opened == ARCHIVE_OK else { throw members.malformed(nil) }
      try members.readAll(limits: limits, where: isWanted, body)
    }
  }

  private func readAll(
    limits: ZipLimits, where isWanted: (String) -> Bool,
    _ body: (String, [UInt8]) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    var total = 0
    var count = 0
    while let entry = try nextEntry() {
      count += 1
      guard count <= limits.memberCount else {
        throw exceeded("more than \(limits.memberCount) members", entry.name)
      }
      guard isWanted(entry.name ?? "") else { continue }
      let member = try plainFile(entry)
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

  /// The next member as libarchive sees it; `name` is `nil` where it is not plain ASCII.
  private func nextEntry() throws(Diagnostic) -> Entry? {
    var entry: OpaquePointer?
    let status = unsafe archive_read_next_header(handle, &entry)
    if status == ARCHIVE_EOF { return nil }
    guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry = unsafe entry else {
      throw malformed(nil)
    }
    // libarchive converts names to the process's locale. Only ASCII reads the same in all of them.
    var name = unsafe archive_entry_pathname(entry).flatMap { unsafe String(validatingCString: $0) }
    if name?.utf8.allSatisfy({ $0 < 0x80 }) == false { name = nil }
    return unsafe Entry(pointer: entry, name: name, isWhole: status == ARCHIVE_OK)
  }

  @safe private struct Entry {
    let pointer: OpaquePointer
    var name: String?
    var isWhole: Bool
  }

  private func plainFile(_ member: Entry) throws(Diagnostic) -> (name: String, declaredSize: Int) {
    guard let name = member.name else { throw failure("a member's name is not plain ASCII", nil) }
    guard member.isWhole else { throw malformed(name) }
    let entry = unsafe member.pointer
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
      Diagnostic.Code(code + ".malformed"), message,
      at: SourceLocation(document: document, path: member))
  }

  private func exceeded(_ message: String, _ member: String?) -> Diagnostic {
    Diagnostic(
      Diagnostic.Code(code + ".limit"), message,
      at: SourceLocation(document: document, path: member),
      hint: "raise the limits if this archive is meant to be that large")
  }
}
