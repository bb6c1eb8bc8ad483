-- Whose orders a merchant earned from is told by sums from here on (0101). Owner: Orders.
-- Gone before what was released is summed up: a node of an older version that still runs can settle nothing from now on, so that nothing is released beside the sum.
drop table earned_from;
drop table merchant_past;
