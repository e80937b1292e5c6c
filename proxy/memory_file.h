#ifndef ARBSTR_PROXY_MEMORY_FILE_H_
#define ARBSTR_PROXY_MEMORY_FILE_H_

#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <string_view>

namespace arbstr::proxy {

// A file that is nowhere but in memory: for what wants the path of one. It goes with this.
class MemoryFile {
 public:
  static absl::StatusOr<std::unique_ptr<MemoryFile>> Make(std::string_view content);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  // Of this process alone.
  std::string path() const;

 private:
  explicit MemoryFile(int descriptor) : descriptor_(descriptor) {}

  const int descriptor_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_MEMORY_FILE_H_
