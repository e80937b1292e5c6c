// Reads the gateway's answers as a client does, with code of its own.
#ifndef ARBSTR_PROXY_SIMULATION_ANSWER_READER_H_
#define ARBSTR_PROXY_SIMULATION_ANSWER_READER_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace arbstr::proxy::simulation {

struct Answer {
  int status = 0;
  std::map<std::string, std::string> fields;
  std::string body;
  bool whole = false;  // its end came as HTTP says

  std::string field(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second;
  }
};

class AnswerReader {
 public:
  // True: it is whole, and no more is expected.
  bool Put(std::string_view bytes);
  // The connection has ended: so has a body that has no other end.
  void End();

  bool begun() const { return !received_.empty(); }
  const Answer& answer() const { return answer_; }

 private:
  bool ReadHead();
  bool ReadChunks();

  std::string received_;
  size_t at_ = 0;  // what has been read of it
  bool head_read_ = false, chunked_ = false;
  std::optional<size_t> length_;
  Answer answer_;
};

}  // namespace arbstr::proxy::simulation

#endif  // ARBSTR_PROXY_SIMULATION_ANSWER_READER_H_
