// What happens in a simulation, as a hash that two runs of one seed must share, and in words for whoever
// looks.
#ifndef ARBSTR_PROXY_SIMULATION_JOURNAL_H_
#define ARBSTR_PROXY_SIMULATION_JOURNAL_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "proxy/simulation/timeline.h"

namespace arbstr::proxy::simulation {

class Journal {
 public:
  // `print`: to stdout, one line per event.
  Journal(const Timeline& timeline, bool print) : timeline_(timeline), print_(print) {}

  // `request`: its number; 0: none in particular.
  void Note(int64_t request, std::string_view what, std::string_view detail = {}, int64_t number = 0);
  // The first rule that was broken is kept; from then on the run is of no interest.
  void Fail(int64_t request, std::string what);

  uint64_t hash() const { return hash_; }
  bool failed() const { return !failure_.empty(); }
  const std::string& failure() const { return failure_; }

 private:
  void Mix(uint64_t value) { hash_ = (hash_ ^ value) * 0x100000001b3; }

  const Timeline& timeline_;
  const bool print_;
  uint64_t hash_ = 0xcbf29ce484222325;
  std::string failure_;
};

}  // namespace arbstr::proxy::simulation

#endif  // ARBSTR_PROXY_SIMULATION_JOURNAL_H_
