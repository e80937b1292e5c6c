#include "proxy/memory_file.h"

#include <absl/status/status.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

namespace arbstr::proxy {

absl::StatusOr<std::unique_ptr<MemoryFile>> MemoryFile::Make(std::string_view content) {
  const int descriptor = ::memfd_create("arbstr", MFD_CLOEXEC);
  if (descriptor < 0) return absl::ErrnoToStatus(errno, "cannot make a file in memory");
  std::unique_ptr<MemoryFile> file(new MemoryFile(descriptor));
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return absl::ErrnoToStatus(errno, "cannot write to a file in memory");
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return file;
}

MemoryFile::~MemoryFile() { ::close(descriptor_); }

std::string MemoryFile::path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

}  // namespace arbstr::proxy
