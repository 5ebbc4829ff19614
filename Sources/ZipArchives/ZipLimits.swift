/// What an archive may take up once it is inflated; more is refused before it is held in memory.
package struct ZipLimits: Sendable, Hashable {
  package var memberBytes: Int
  package var totalBytes: Int
  package var memberCount: Int

  package init(memberBytes: Int, totalBytes: Int, memberCount: Int) {
    self.memberBytes = memberBytes
    self.totalBytes = totalBytes
    self.memberCount = memberCount
  }
}
