using Lianka.Bench;

return await Benches.RunAsync(args, Console.Out, Console.Error);
