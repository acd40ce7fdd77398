"""Days of billing that a balance stands for: pure arithmetic, no Odoo in it."""


def countback_days(balance, months):
    """Take month after month of billing away from the balance, going backwards.

    A month that is wholly owed counts all its days; of the one in which the balance
    ends, the part that is owed. A month in which more was credited than billed gives
    the balance back what it took.

    :param balance: what is owed at the end of the first of the months
    :param months: [(days of the month, amount billed in it)], the latest first
    :return: days, as a float; all days of all months if the balance is more than they
    """
    days = 0.0
    for length, billed in months:
        if balance <= 0:
            break
        if billed > 0 and balance <= billed:
            return days + length * balance / billed
        days += length
        balance -= billed
    return days
