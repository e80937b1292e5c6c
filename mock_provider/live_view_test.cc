#include "mock_provider/live_view.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>

namespace mock_provider {
namespace {

JournalEntry Entry(std::uint64_t seq) {
  JournalEntry entry;
  entry.seq = seq;
  entry.provider = "alpha";
  entry.model = "m";
  entry.status = 200;
  return entry;
}

std::string Read(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer;
  for (ssize_t bytes; (bytes = ::read(descriptor, buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(bytes));
  return text;
}

TEST(LiveView, EveryRequestIsALineAndSoIsAClientThatLeaves) {
  std::FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  {
    LiveView view(file);
    view.Arrived(Entry(1));
    view.Ended(Entry(1));
    JournalEntry left = Entry(2);
    view.Arrived(left);
    left.closed_by = ClosedBy::kClient;
    view.Ended(left);
    // One that a real provider answers has an outcome only at its end.
    JournalEntry relayed = Entry(3);
    relayed.relayed = true;
    relayed.status = 0;
    view.Arrived(relayed);
    relayed.status = 418;
    view.Ended(relayed);
  }
  std::rewind(file);
  const std::string text = Read(::fileno(file));
  std::fclose(file);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4) << text;
  EXPECT_NE(text.find("418"), std::string::npos) << text;
  EXPECT_LT(text.find("#1"), text.find("#2"));
  EXPECT_NE(text.find("left"), std::string::npos);
}

// A pipe that nobody reads stands for a terminal that has been stopped.
TEST(LiveView, AReaderThatStopsHoldsNobodyUp) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  std::FILE* file = ::fdopen(ends[1], "w");
  std::string text;
  std::thread reader;
  {
    LiveView view(file, 10);
    for (std::uint64_t i = 1; i <= 50'000; ++i) view.Arrived(Entry(i));
    reader = std::thread([&] { text = Read(ends[0]); });
  }
  std::fclose(file);
  reader.join();
  ::close(ends[0]);
  EXPECT_NE(text.find(" more lines)"), std::string::npos);
}

}  // namespace
}  // namespace mock_provider
